package io.galerne.billing;

import io.galerne.database.TenantTransactions;
import io.galerne.metering.LedgerLine;
import io.galerne.metering.LedgerLock;
import io.galerne.metering.PriceBook;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** A tenant's invoices. A closed one never changes; what comes later is in the next. */
@Service
public class Invoices {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final InvoiceLines lines;
  private final PriceBook prices;
  private final BillingProperties properties;
  private final JsonMapper json;
  private final Clock clock;

  Invoices(
      TenantTransactions transactions,
      JdbcClient jdbc,
      InvoiceLines lines,
      PriceBook prices,
      BillingProperties properties,
      JsonMapper json,
      Clock clock) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.lines = lines;
    this.prices = prices;
    this.properties = properties;
    this.json = json;
    this.clock = clock;
  }

  /** What became of the wish to close a month. */
  public sealed interface Closing {
    /** It is closed, now or since earlier. */
    record Done(StoredInvoice invoice) implements Closing {}

    /** The month, and the time for lines that come late, is not over. */
    record TooEarly(Instant from) implements Closing {}

    /** A later month is closed already, and this one had nothing to bill. */
    record Passed() implements Closing {}

    /** There is nothing to bill. */
    record Nothing() implements Closing {}
  }

  /** The closed invoices, the newest first. */
  public List<StoredInvoice> closed(UUID tenantId) {
    return transactions.inTenant(
        tenantId,
        () ->
            jdbc.sql("select * from invoice where tenant_id = ? order by period desc")
                .param(tenantId)
                .query(
                    (row, _) ->
                        new StoredInvoice(
                            row.getObject("period", LocalDate.class),
                            row.getLong("total_micros"),
                            row.getBytes("document"),
                            row.getString("sha256")))
                .list());
  }

  /** The invoice of a month as it was closed, if it was. */
  public Optional<StoredInvoice> closed(UUID tenantId, YearMonth month) {
    return closed(tenantId).stream()
        .filter(invoice -> invoice.period().equals(month.atDay(1)))
        .findFirst();
  }

  /** The invoice of a month: the closed one, or what it would be if it were closed now. */
  public Invoice invoice(UUID tenantId, YearMonth month) {
    return transactions.inTenant(
        tenantId,
        () ->
            closed(tenantId, month)
                .map(stored -> json.readValue(stored.document(), Invoice.class))
                .orElseGet(() -> open(tenantId, month.atDay(1))));
  }

  /**
   * The requests behind a line of an invoice, in the order of the ledger.
   *
   * @param after the number of the last line of the page before, or 0
   */
  public Optional<List<LedgerLine>> requests(
      UUID tenantId, YearMonth month, int line, long after, int max) {
    return transactions.inTenant(
        tenantId,
        () -> {
          Invoice invoice = invoice(tenantId, month);
          return invoice.lines().stream()
              .filter(candidate -> candidate.line() == line)
              .filter(candidate -> candidate.kind() != InvoiceLine.Kind.CORRECTION)
              .findFirst()
              .map(
                  found ->
                      lines.requests(tenantId, coverage(tenantId, invoice), found, after, max));
        });
  }

  /**
   * Closes a month's invoice. Closing it again gives the same invoice.
   *
   * <p>The lock waits for lines that are being written; those that come after get greater numbers
   * than the cutoff, so that a line is either in this invoice or in a later one.
   */
  public Closing close(UUID tenantId, YearMonth month) {
    Instant from =
        month
            .plusMonths(1)
            .atDay(1)
            .atStartOfDay(ZoneOffset.UTC)
            .toInstant()
            .plus(properties.grace());
    if (clock.instant().isBefore(from)) {
      return new Closing.TooEarly(from);
    }
    return transactions.inTenant(tenantId, () -> closeOver(tenantId, month));
  }

  private Closing closeOver(UUID tenantId, YearMonth month) {
    jdbc.sql("select pg_advisory_xact_lock(?)").param(LedgerLock.of(tenantId)).query().listOfRows();
    Optional<StoredInvoice> stored = closed(tenantId, month);
    if (stored.isPresent()) {
      return new Closing.Done(stored.get());
    }
    LocalDate period = month.atDay(1);
    Coverage.Closed last = closedBefore(tenantId, LocalDate.of(9999, 1, 1));
    if (last != null && last.period().isAfter(period)) {
      return new Closing.Passed();
    }
    long cutoff = jdbc.sql("select nextval('ledger_number')").query(Long.class).single();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Invoice invoice = invoice(tenantId, Coverage.of(period, cutoff, last), now);
    return invoice.lines().isEmpty()
        ? new Closing.Nothing()
        : new Closing.Done(store(invoice, now));
  }

  private StoredInvoice store(Invoice invoice, Instant closedAt) {
    byte[] document = json.writeValueAsBytes(invoice);
    String digest = sha256(document);
    jdbc.sql(
            """
            insert into invoice (tenant_id, period, cutoff, total_micros, currency, document,
                sha256, closed_at)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            invoice.tenantId(),
            invoice.period(),
            invoice.cutoff(),
            invoice.totalMicros(),
            invoice.currency(),
            document,
            digest,
            Timestamp.from(closedAt))
        .update();
    return new StoredInvoice(invoice.period(), invoice.totalMicros(), document, digest);
  }

  private Invoice open(UUID tenantId, LocalDate period) {
    return invoice(tenantId, Coverage.preview(period, closedBefore(tenantId, period)), null);
  }

  private Invoice invoice(UUID tenantId, Coverage coverage, @Nullable Instant closedAt) {
    List<InvoiceLine> found = lines.of(tenantId, coverage);
    return new Invoice(
        tenantId,
        coverage.period(),
        coverage.end(),
        prices.currency(),
        coverage.cutoff(),
        closedAt,
        found,
        found.stream().mapToLong(InvoiceLine::amountMicros).reduce(0, Math::addExact));
  }

  private Coverage coverage(UUID tenantId, Invoice invoice) {
    Coverage.Closed previous = closedBefore(tenantId, invoice.period());
    return invoice.closed()
        ? Coverage.of(invoice.period(), invoice.cutoff(), previous)
        : Coverage.preview(invoice.period(), previous);
  }

  private Coverage.@Nullable Closed closedBefore(UUID tenantId, LocalDate period) {
    return jdbc.sql(
            """
            select period, cutoff from invoice where tenant_id = ? and period < ?
            order by period desc limit 1
            """)
        .params(tenantId, period)
        .query(Coverage.Closed.class)
        .optional()
        .orElse(null);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

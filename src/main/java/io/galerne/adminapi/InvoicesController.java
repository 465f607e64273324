package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.api.ApiException;
import io.galerne.api.ErrorEnvelope;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditedWork;
import io.galerne.billing.Corrections;
import io.galerne.billing.InvoiceCsv;
import io.galerne.billing.Invoices;
import io.galerne.billing.StoredInvoice;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Permission;
import jakarta.servlet.http.HttpServletRequest;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/admin/billing}: invoices, the requests behind their lines, and corrections. */
@RestController
class InvoicesController {
  private static final int REQUESTS_MAX = 1_000;
  private static final int LINES_MAX = 1_000_000;
  private static final int REASON_MAX = 500;

  private final Invoices invoices;
  private final Corrections corrections;
  private final AuditedWork audited;
  private final AdminRequests requests;

  InvoicesController(
      Invoices invoices, Corrections corrections, AuditedWork audited, AdminRequests requests) {
    this.invoices = invoices;
    this.corrections = corrections;
    this.audited = audited;
    this.requests = requests;
  }

  record Closed(YearMonth month, @JsonProperty("total_micros") long totalMicros, String sha256) {
    static Closed of(StoredInvoice invoice) {
      return new Closed(YearMonth.from(invoice.period()), invoice.totalMicros(), invoice.sha256());
    }
  }

  record ClosedInvoices(List<Closed> data) {}

  @GetMapping("/v1/admin/billing/invoices")
  @Requires(Permission.BILLING_READ)
  ClosedInvoices list(@AuthenticationPrincipal TenantAdmin caller) {
    return new ClosedInvoices(invoices.closed(caller.tenantId()).stream().map(Closed::of).toList());
  }

  /**
   * A month's invoice: the bytes that were closed, or what it would be today. {@code format=csv}
   * gives a table.
   */
  @GetMapping("/v1/admin/billing/invoices/{month}")
  @Requires(Permission.BILLING_READ)
  ResponseEntity<Object> get(
      @PathVariable("month") String text,
      HttpServletRequest request,
      @AuthenticationPrincipal TenantAdmin caller) {
    YearMonth month = Days.month("month", text);
    Query query = Query.of(request);
    String format = query.text("format");
    query.check();
    if (format != null && !format.equals("json") && !format.equals("csv")) {
      throw Days.wrong("query", "format", "Input should be 'json' or 'csv'", format);
    }
    if ("csv".equals(format)) {
      return ResponseEntity.ok()
          .contentType(MediaType.parseMediaType("text/csv;charset=utf-8"))
          .header("Content-Disposition", "attachment; filename=\"invoice-" + month + ".csv\"")
          .body(InvoiceCsv.of(invoices.invoice(caller.tenantId(), month)));
    }
    return invoices
        .closed(caller.tenantId(), month)
        .map(
            stored ->
                ResponseEntity.ok()
                    .contentType(MediaType.APPLICATION_JSON)
                    .eTag("\"" + stored.sha256() + "\"")
                    .<Object>body(stored.document()))
        .orElseGet(() -> ResponseEntity.ok(invoices.invoice(caller.tenantId(), month)));
  }

  record Behind(List<LedgerEntry> data) {}

  /** The requests behind a line, {@code after} the number of the last one of the page before. */
  @GetMapping("/v1/admin/billing/invoices/{month}/lines/{line}/requests")
  @Requires(Permission.BILLING_READ)
  Behind behind(
      @PathVariable("month") String month,
      @PathVariable("line") String line,
      HttpServletRequest request,
      @AuthenticationPrincipal TenantAdmin caller) {
    Query query = Query.of(request);
    int limit = query.integer("limit", REQUESTS_MAX, 1, REQUESTS_MAX);
    String after = query.text("after");
    query.check();
    if (!line.matches("\\d{1,7}") || Integer.parseInt(line) > LINES_MAX) {
      throw Days.wrong("path", "line", "Input should be a line of the invoice", line);
    }
    if (after != null && !after.matches("\\d{1,18}")) {
      throw Days.wrong("query", "after", "Input should be a number of a request", after);
    }
    return invoices
        .requests(
            caller.tenantId(),
            Days.month("month", month),
            Integer.parseInt(line),
            after == null ? 0 : Long.parseLong(after),
            limit)
        .map(found -> new Behind(found.stream().map(LedgerEntry::of).toList()))
        .orElseThrow(InvoicesController::notFound);
  }

  /** Closes a month whose time is over now, instead of waiting for it to be closed. */
  @PostMapping("/v1/admin/billing/invoices/{month}/close")
  @Requires(Permission.BILLING_WRITE)
  Closed close(@PathVariable("month") String text, @AuthenticationPrincipal TenantAdmin caller) {
    YearMonth month = Days.month("month", text);
    Invoices.Closing closing =
        audited.inTrail(
            AuditEntry.of(
                    caller.tenantId(),
                    caller.actor(),
                    "invoice.close",
                    "INVOICE",
                    caller.tenantId())
                .with("month", month.toString()),
            () -> invoices.close(caller.tenantId(), month));
    return switch (closing) {
      case Invoices.Closing.Done(StoredInvoice invoice) -> Closed.of(invoice);
      case Invoices.Closing.TooEarly(var from) -> throw conflict("It can be closed from " + from);
      case Invoices.Closing.Passed() -> throw conflict("A later month is closed already");
      case Invoices.Closing.Nothing() -> throw conflict("There is nothing to bill");
    };
  }

  record Added(UUID id) {}

  private static final Set<String> CORRECTION =
      Set.of("amount_micros", "reason", "workspace_id", "request_id", "month");

  /** The operator's: nobody gives themselves money back. */
  @PostMapping("/v1/admin/organizations/{organization_id}/billing/corrections")
  @Requires(Permission.TENANTS_WRITE)
  Added correct(
      @PathVariable("organization_id") String organization,
      HttpServletRequest request,
      @AuthenticationPrincipal PlatformOperator caller) {
    UUID tenant = Query.id("organization_id", organization);
    Corrections.Correction correction =
        requests.object(request, CORRECTION, InvoicesController::correction);
    try {
      UUID[] id = new UUID[1];
      audited.runInTrail(
          AuditEntry.of(tenant, caller.actor(), "billing.correction.create", "BILLING", tenant)
              .with("amount_micros", correction.amountMicros())
              .with("reason", correction.reason()),
          () -> id[0] = corrections.add(tenant, correction, "operator " + caller.keyId()));
      return new Added(id[0]);
    } catch (DataIntegrityViolationException e) {
      throw notFound(); // no such organisation
    }
  }

  private static Corrections.Correction correction(Fields fields) {
    long max = Corrections.AMOUNT_MICROS_MAX;
    Long amount = fields.integer("amount_micros", -max, max);
    if (amount == null || amount == 0) {
      fields.wrong("amount_micros", "value_error", "Input should be an amount other than 0");
    }
    String month = fields.text("month", 7);
    YearMonth corrected = null;
    if (month != null) {
      try {
        corrected = YearMonth.parse(month);
      } catch (DateTimeParseException e) {
        fields.wrong("month", "value_error", "Input should be a month, YYYY-MM");
      }
    }
    return new Corrections.Correction(
        amount == null || amount == 0 ? 1 : amount,
        fields.requiredText("reason", REASON_MAX),
        fields.has("workspace_id") && !fields.isNull("workspace_id")
            ? fields.requiredId("workspace_id")
            : null,
        fields.has("request_id") && !fields.isNull("request_id")
            ? fields.requiredId("request_id")
            : null,
        corrected);
  }

  private static ApiException notFound() {
    return new ApiException(
        HttpStatus.NOT_FOUND, new ErrorEnvelope("There is no such thing", "not_found"));
  }

  private static ApiException conflict(String reason) {
    return new ApiException(HttpStatus.CONFLICT, new ErrorEnvelope(reason, "conflict"));
  }
}

package io.galerne.metering;

import io.galerne.audit.Actor;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.audit.PlatformTrail;
import io.galerne.database.TenantTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The versions of prices in the database; they are added and never changed. */
@Component
class PriceTable {
  /** Long enough for every instance to have read a version before it counts. */
  static final Duration LEAD = Duration.ofMinutes(1);

  private final JdbcClient jdbc;
  private final TenantTransactions transactions;
  private final AuditLog audit;

  PriceTable(JdbcClient jdbc, TenantTransactions transactions, AuditLog audit) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.audit = audit;
  }

  List<Price> all() {
    return jdbc.sql("select * from price order by version").query(PriceTable::price).list();
  }

  /** The newest versions, of one model or of all. */
  List<Price> versions(@Nullable String model, int max) {
    return jdbc.sql(
            """
            select * from price where cast(:model as text) is null or model = :model
            order by version desc limit :max
            """)
        .param("model", model)
        .param("max", max)
        .query(PriceTable::price)
        .list();
  }

  /** Adds a version, with its row in the platform's trail; the one that it became. */
  Price add(Actor actor, String model, Rates realtime, Rates batch, Instant from, String origin) {
    return transactions.inTenant(
        PlatformTrail.ID,
        () -> {
          Price price = insert(model, realtime, batch, from, origin);
          audit.record(
              AuditEntry.of(PlatformTrail.ID, actor, "price.create", "PRICE", PlatformTrail.ID)
                  .with("model", model)
                  .with("version", String.valueOf(price.version()))
                  .with("realtime", realtime.toString())
                  .with("batch", batch.toString())
                  .with("effective_from", price.effectiveFrom().toString())
                  .with("origin", origin));
          return price;
        });
  }

  private Price insert(
      String model, Rates realtime, Rates batch, Instant effectiveFrom, String origin) {
    return jdbc.sql(
            """
            insert into price (model, input, cached_input, output, batch_input, batch_cached_input,
                batch_output, effective_from, origin)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            returning *
            """)
        .params(
            model,
            realtime.input(),
            realtime.cachedInput(),
            realtime.output(),
            batch.input(),
            batch.cachedInput(),
            batch.output(),
            Timestamp.from(effectiveFrom),
            origin)
        .query(PriceTable::price)
        .single();
  }

  /**
   * Makes the configured prices versions where they differ from those that were configured last. A
   * model's first price counts for all requests; there was none before it.
   */
  void takeOver(PriceProperties configured, Instant now) {
    transactions.runInTenant(
        PlatformTrail.ID,
        () -> {
          jdbc.sql("select pg_advisory_xact_lock(hashtext('galerne.prices'))").query().listOfRows();
          for (PriceProperties.Model model : configured.models()) {
            takeOver(model, now);
          }
        });
  }

  private void takeOver(PriceProperties.Model model, Instant now) {
    List<Price> last =
        jdbc.sql(
                """
                select * from price where model = ? and origin = 'config'
                order by version desc limit 1
                """)
            .param(model.model())
            .query(PriceTable::price)
            .list();
    boolean same =
        last.stream()
            .anyMatch(
                price ->
                    price.realtime().equals(model.realtime())
                        && price.batch().equals(model.batchRates()));
    if (!same) {
      boolean first = versions(model.model(), 1).isEmpty();
      Instant from = first ? Instant.EPOCH : now.plus(LEAD);
      add(Actor.system(), model.model(), model.realtime(), model.batchRates(), from, "config");
    }
  }

  private static Price price(ResultSet row, int index) throws SQLException {
    return new Price(
        row.getLong("version"),
        row.getString("model"),
        new Rates(row.getLong("input"), row.getLong("cached_input"), row.getLong("output")),
        new Rates(
            row.getLong("batch_input"),
            row.getLong("batch_cached_input"),
            row.getLong("batch_output")),
        row.getTimestamp("effective_from").toInstant());
  }
}

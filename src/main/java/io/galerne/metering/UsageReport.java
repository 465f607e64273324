package io.galerne.metering;

import io.galerne.database.TenantTransactions;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Sums of the ledger. Days are UTC and follow the database's clock, which bills go by. */
@Component
public class UsageReport {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;

  UsageReport(TenantTransactions transactions, JdbcClient jdbc) {
    this.transactions = transactions;
    this.jdbc = jdbc;
  }

  /** Totals of the tenant for each day and model, from the first day to before the last. */
  public List<DailyUsage> daily(UUID tenantId, LocalDate from, LocalDate toExclusive) {
    return transactions.inTenant(
        tenantId,
        () ->
            jdbc.sql(
                    """
                    select day, model, sum(requests) as requests,
                           sum(prompt_tokens) as prompt_tokens,
                           sum(cached_prompt_tokens) as cached_prompt_tokens,
                           sum(completion_tokens) as completion_tokens,
                           sum(cost_picos) as cost_picos
                    from usage_daily
                    where tenant_id = :tenant and day >= :from and day < :to
                    group by 1, 2
                    order by 1, 2
                    """)
                .param("tenant", tenantId)
                .param("from", from)
                .param("to", toExclusive)
                .query(
                    (row, _) ->
                        new DailyUsage(
                            row.getObject("day", LocalDate.class),
                            row.getString("model"),
                            row.getLong("requests"),
                            row.getLong("prompt_tokens"),
                            row.getLong("cached_prompt_tokens"),
                            row.getLong("completion_tokens"),
                            row.getBigDecimal("cost_picos").toBigIntegerExact()))
                .list());
  }
}

package io.galerne.console;

import io.galerne.database.TenantTransactions;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What a tenant's requests are doing at this moment, over all instances. */
@Component
class TenantFigures {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;

  TenantFigures(TenantTransactions transactions, JdbcClient jdbc) {
    this.transactions = transactions;
    this.jdbc = jdbc;
  }

  /**
   * @param running requests that were admitted and have not ended
   * @param tokensLastMinute answer tokens of requests that ended within the last minute
   */
  record Now(long running, long requestsLastMinute, long tokensLastMinute) {
    public double tokensPerSecond() {
      return tokensLastMinute / 60.0;
    }
  }

  Now now(UUID tenantId) {
    return transactions.inTenant(
        tenantId,
        () ->
            jdbc.sql(
                    """
                    select (select count(*) from reservation) as running, count(*) as requests,
                        coalesce(sum(completion_tokens), 0) as tokens
                    from usage_event
                    where usage_day >= (now() at time zone 'UTC')::date - 1
                      and ended_at > now() - interval '1 minute'
                    """)
                .query(
                    (row, _) ->
                        new Now(
                            row.getLong("running"), row.getLong("requests"), row.getLong("tokens")))
                .single());
  }

  /** How today's and yesterday's requests ended, by outcome. */
  Map<String, Long> outcomes(UUID tenantId) {
    return transactions.inTenant(
        tenantId,
        () -> {
          Map<String, Long> outcomes = new TreeMap<>();
          jdbc.sql(
                  """
                  select outcome, sum(requests) as requests from usage_by_model
                  where day >= (now() at time zone 'UTC')::date - 1 group by 1
                  """)
              .query(
                  row -> {
                    outcomes.put(row.getString("outcome"), row.getLong("requests"));
                  });
          return outcomes;
        });
  }
}

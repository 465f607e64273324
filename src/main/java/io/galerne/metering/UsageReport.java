package io.galerne.metering;

import io.galerne.database.TenantTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Sums of the ledger. Days are UTC and follow the database's clock, which bills go by. */
@Component
public class UsageReport {
  private static final String SUMS =
      """
      sum(requests) as requests, sum(prompt_tokens) as prompt_tokens,
      sum(cached_prompt_tokens) as cached_prompt_tokens,
      sum(completion_tokens) as completion_tokens, sum(cost_picos) as cost_picos
      """;

  private static final String OF_TENANT =
      " where tenant_id = :tenant and day >= :from and day < :to";

  /** Where keys are told apart; a row for each of them makes it long. */
  private static final String BY_KEY = "usage_daily";

  private static final String BY_MODEL = "usage_by_model";

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
                    from usage_by_model
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

  /** What usage can be broken down by. */
  public enum Dimension {
    DAY("day"),
    MODEL("model"),
    WORKSPACE("workspace_id"),
    API_KEY("api_key_id"),
    SERVICE("service"),
    SERVICE_CLASS("service_class");

    private final String column;

    Dimension(String column) {
      this.column = column;
    }
  }

  /**
   * Totals of the tenant.
   *
   * @param toExclusive the day after the last
   * @param workspaces null for all
   */
  public List<UsageTotal> totals(
      UUID tenantId,
      LocalDate from,
      LocalDate toExclusive,
      Set<Dimension> by,
      @Nullable Set<UUID> workspaces) {
    return totalsWithin(tenantId, from, toExclusive, by, new Within(workspaces, null, null));
  }

  /** Which part of the use; null is all of it. */
  public record Within(
      @Nullable Set<UUID> workspaces, @Nullable String model, @Nullable UUID apiKeyId) {}

  /** Totals of a part of the tenant's use. */
  public List<UsageTotal> totalsWithin(
      UUID tenantId, LocalDate from, LocalDate toExclusive, Set<Dimension> by, Within within) {
    Set<UUID> workspaces = within.workspaces();
    List<String> columns = by.stream().sorted().map(dimension -> dimension.column).toList();
    String group = columns.isEmpty() ? "" : " group by " + String.join(", ", columns);
    String sql =
        "select "
            + Stream.of(Dimension.values())
                .map(
                    d ->
                        by.contains(d)
                            ? d.column
                            : "cast(null as "
                                + (d == Dimension.DAY ? "date" : "text")
                                + ") as "
                                + d.column)
                .collect(Collectors.joining(", "))
            + ", "
            + SUMS
            + " from "
            + (by.contains(Dimension.API_KEY) || within.apiKeyId() != null ? BY_KEY : BY_MODEL)
            + OF_TENANT
            + (workspaces == null ? "" : " and workspace_id = any(:workspaces)")
            + (within.model() == null ? "" : " and model = :model")
            + (within.apiKeyId() == null ? "" : " and api_key_id = :key")
            + group
            + " having count(*) > 0"
            + group.replace(" group by", " order by");
    return transactions.inTenant(
        tenantId,
        () ->
            jdbc.sql(sql)
                .param("tenant", tenantId)
                .param("from", from)
                .param("to", toExclusive)
                .param("workspaces", workspaces == null ? null : workspaces.toArray(UUID[]::new))
                .param("model", within.model())
                .param("key", within.apiKeyId())
                .query(UsageReport::total)
                .list());
  }

  private static UsageTotal total(ResultSet row, int index) throws SQLException {
    String service = row.getString("service");
    String serviceClass = row.getString("service_class");
    return new UsageTotal(
        row.getObject("day", LocalDate.class),
        row.getString("model"),
        uuid(row.getString("workspace_id")),
        uuid(row.getString("api_key_id")),
        service == null ? null : ServiceKind.valueOf(service),
        serviceClass == null ? null : ServiceClass.valueOf(serviceClass),
        row.getLong("requests"),
        row.getLong("prompt_tokens"),
        row.getLong("cached_prompt_tokens"),
        row.getLong("completion_tokens"),
        row.getBigDecimal("cost_picos").toBigIntegerExact());
  }

  private static @Nullable UUID uuid(@Nullable String text) {
    return text == null ? null : UUID.fromString(text);
  }
}

package io.galerne.metering;

import io.galerne.database.TenantTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads single lines of the ledger: down to the request that money was spent on. */
@Component
public class LedgerLines {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;

  LedgerLines(TenantTransactions transactions, JdbcClient jdbc) {
    this.transactions = transactions;
    this.jdbc = jdbc;
  }

  /**
   * Which lines; null takes all.
   *
   * @param to the day after the last
   */
  public record Filter(
      @Nullable LocalDate from,
      @Nullable LocalDate to,
      @Nullable String model,
      @Nullable UUID workspaceId,
      @Nullable UUID apiKeyId,
      @Nullable ServiceKind service,
      @Nullable ServiceClass serviceClass,
      @Nullable Long priceVersion) {
    public static final Filter ALL = new Filter(null, null, null, null, null, null, null, null);
  }

  /** In which order lines come. */
  public enum Order {
    NEWEST("number desc"),
    COSTLIEST("cost_picos desc, number desc");

    private final String sql;

    Order(String sql) {
      this.sql = sql;
    }
  }

  /**
   * Lines of a tenant, a page at a time.
   *
   * @param skip how many lines the pages before had
   */
  public List<LedgerLine> list(UUID tenantId, Filter filter, Order order, int max, int skip) {
    Map<String, Object> params = new HashMap<>();
    params.put("tenant", tenantId);
    params.put("max", max);
    params.put("skip", skip);
    String sql =
        "select * from usage_event where tenant_id = :tenant"
            + conditions(filter, params)
            + " order by "
            + order.sql
            + " limit :max offset :skip";
    return transactions.inTenant(
        tenantId, () -> jdbc.sql(sql).params(params).query(LedgerLines::line).list());
  }

  /** A request's line, if the tenant has such a request. */
  public Optional<LedgerLine> find(UUID tenantId, UUID requestId) {
    return transactions.inTenant(
        tenantId,
        () ->
            jdbc.sql("select * from usage_event where tenant_id = ? and request_id = ?")
                .params(tenantId, requestId)
                .query(LedgerLines::line)
                .optional());
  }

  private static String conditions(Filter filter, Map<String, Object> params) {
    List<String> parts = new ArrayList<>();
    add(parts, params, "usage_day >= :from", "from", filter.from());
    add(parts, params, "usage_day < :to", "to", filter.to());
    add(parts, params, "model = :model", "model", filter.model());
    add(parts, params, "workspace_id = :workspace", "workspace", filter.workspaceId());
    add(parts, params, "api_key_id = :key", "key", filter.apiKeyId());
    add(parts, params, "service = :service", "service", name(filter.service()));
    add(parts, params, "service_class = :class", "class", name(filter.serviceClass()));
    add(parts, params, "coalesce(price_version, 0) = :version", "version", filter.priceVersion());
    return String.join("", parts);
  }

  private static @Nullable String name(@Nullable Enum<?> value) {
    return value == null ? null : value.name();
  }

  private static void add(
      List<String> parts,
      Map<String, Object> params,
      String condition,
      String name,
      @Nullable Object value) {
    if (value != null) {
      parts.add(" and " + condition);
      params.put(name, value);
    }
  }

  /** Reads a row of {@code usage_event}. */
  public static LedgerLine line(ResultSet row, int index) throws SQLException {
    return new LedgerLine(
        row.getLong("number"),
        row.getObject("request_id", UUID.class),
        row.getObject("workspace_id", UUID.class),
        row.getObject("api_key_id", UUID.class),
        ServiceKind.valueOf(row.getString("service")),
        ServiceClass.valueOf(row.getString("service_class")),
        row.getBoolean("stream"),
        row.getString("model"),
        row.getString("priced_as"),
        row.getObject("price_version", Long.class),
        row.getString("weights_digest"),
        row.getString("policy_version"),
        new TokenCounts(
            row.getInt("prompt_tokens"),
            row.getInt("cached_prompt_tokens"),
            row.getInt("completion_tokens")),
        new Cost(row.getLong("cost_picos")),
        UsageRecord.Outcome.valueOf(row.getString("outcome")),
        row.getTimestamp("started_at").toInstant(),
        row.getTimestamp("ended_at").toInstant(),
        row.getObject("usage_day", LocalDate.class));
  }
}

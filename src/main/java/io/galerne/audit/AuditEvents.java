package io.galerne.audit;

import io.galerne.database.TenantTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Looks rows of a tenant's trail up. */
@Component
public class AuditEvents {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final JsonMapper json;

  AuditEvents(TenantTransactions transactions, JdbcClient jdbc, JsonMapper json) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.json = json;
  }

  /** A row as it was written, with its number and time. */
  public record Event(long seq, Instant at, AuditEntry entry) {}

  /**
   * Which rows; what is null or empty leaves none out.
   *
   * @param workspaces rows of these workspaces only, and none of the organisation itself
   * @param after from this moment on, without it
   */
  public record Filter(
      Set<Actor.Kind> actors,
      Set<String> actions,
      Set<String> targetTypes,
      @Nullable UUID actorId,
      @Nullable Set<UUID> workspaces,
      @Nullable Instant after,
      @Nullable Instant before) {}

  /** In the order of their numbers, or from the newest on. */
  public List<Event> find(UUID tenantId, Filter filter, boolean ascending, int limit) {
    List<String> conditions = new ArrayList<>(List.of("tenant_id = :tenant"));
    Map<String, Object> values = new HashMap<>();
    values.put("tenant", tenantId);
    values.put("limit", limit);
    anyOf(conditions, values, "actor_kind", filter.actors().stream().map(Enum::name).toList());
    anyOf(conditions, values, "action", filter.actions());
    anyOf(conditions, values, "target_type", filter.targetTypes());
    if (filter.actorId() != null) {
      conditions.add("actor_id = :actor_id");
      values.put("actor_id", filter.actorId());
    }
    if (filter.workspaces() != null) {
      conditions.add("workspace_id = any(:workspaces)");
      values.put("workspaces", filter.workspaces().toArray(UUID[]::new));
    }
    if (filter.after() != null) {
      conditions.add("at > :after");
      values.put("after", Timestamp.from(filter.after()));
    }
    if (filter.before() != null) {
      conditions.add("at < :before");
      values.put("before", Timestamp.from(filter.before()));
    }
    String sql =
        "select * from audit_event where "
            + String.join(" and ", conditions)
            + (ascending ? " order by seq limit :limit" : " order by seq desc limit :limit");
    return transactions.inTenant(
        tenantId,
        () -> jdbc.sql(sql).params(values).query((row, _) -> event(row, tenantId)).list());
  }

  private static void anyOf(
      List<String> conditions, Map<String, Object> values, String column, Collection<String> any) {
    if (!any.isEmpty()) {
      conditions.add(column + " = any(:" + column + ")");
      values.put(column, any.toArray(String[]::new));
    }
  }

  private Event event(ResultSet row, UUID tenantId) throws SQLException {
    Actor actor =
        new Actor(
            Actor.Kind.valueOf(row.getString("actor_kind")),
            row.getObject("actor_id", UUID.class),
            row.getObject("request_id", UUID.class),
            row.getString("address"));
    return new Event(
        row.getLong("seq"),
        row.getTimestamp("at").toInstant(),
        new AuditEntry(
            tenantId,
            actor,
            row.getString("action"),
            row.getString("target_type"),
            row.getString("target_id"),
            row.getObject("workspace_id", UUID.class),
            json.readValue(row.getString("details"), new TypeReference<Map<String, Object>>() {})));
  }
}

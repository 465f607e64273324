package io.galerne.moderation;

import io.galerne.database.TenantTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Policies and their versions in the database. */
@Component
class PolicyRecords {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final Clock clock;

  PolicyRecords(TenantTransactions transactions, JdbcClient jdbc, Clock clock) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /**
   * What is in force.
   *
   * @param keys the key of the scope and those that replaced it
   */
  record Active(UUID policyId, PolicyScope scope, Set<String> keys, PolicyVersion version) {}

  List<StoredPolicy> all(UUID tenant) {
    return transactions.inTenant(
        tenant,
        () ->
            jdbc.sql("select * from moderation_policy where tenant_id = ? order by created_at, id")
                .param(tenant)
                .query((row, _) -> stored(row))
                .list());
  }

  Optional<StoredPolicy> find(UUID tenant, UUID id) {
    return transactions.inTenant(
        tenant,
        () ->
            jdbc.sql("select * from moderation_policy where tenant_id = ? and id = ?")
                .params(tenant, id)
                .query((row, _) -> stored(row))
                .optional());
  }

  /** False if the name is taken. */
  boolean create(UUID tenant, UUID id, String name, PolicyScope scope, String draft) {
    Timestamp now = Timestamp.from(clock.instant());
    return transactions.inTenant(
            tenant,
            () ->
                jdbc.sql(
                        """
                        insert into moderation_policy (tenant_id, id, name, scope_kind,
                            scope_value, draft, created_at, updated_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?)
                        on conflict (tenant_id, name) do nothing
                        """)
                    .params(
                        tenant, id, name, scope.kind().wireName(), scope.value(), draft, now, now)
                    .update())
        == 1;
  }

  void saveDraft(UUID tenant, UUID id, String draft) {
    transactions.runInTenant(
        tenant,
        () ->
            jdbc.sql(
                    "update moderation_policy set draft = ?, updated_at = ?"
                        + " where tenant_id = ? and id = ?")
                .params(draft, Timestamp.from(clock.instant()), tenant, id)
                .update());
  }

  /** Adds a version and puts it in force; a row lock keeps numbers apart. */
  PolicyVersion publish(UUID tenant, UUID id, String content, String hash, UUID publishedBy) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS); // as the database keeps it
    return transactions.inTenant(
        tenant,
        () -> {
          jdbc.sql("select id from moderation_policy where tenant_id = ? and id = ? for update")
              .params(tenant, id)
              .query(UUID.class)
              .single();
          int number =
              jdbc.sql(
                      "select coalesce(max(number), 0) + 1 from moderation_policy_version"
                          + " where tenant_id = ? and policy_id = ?")
                  .params(tenant, id)
                  .query(Integer.class)
                  .single();
          jdbc.sql(
                  """
                  insert into moderation_policy_version (tenant_id, policy_id, number, content,
                      content_hash, published_by, published_at)
                  values (?, ?, ?, ?, ?, ?, ?)
                  """)
              .params(tenant, id, number, content, hash, publishedBy, Timestamp.from(now))
              .update();
          setActive(tenant, id, number);
          return new PolicyVersion(number, content, hash, publishedBy, now);
        });
  }

  /**
   * Puts a version in force, or none.
   *
   * @return whether there is such a version
   */
  boolean activate(UUID tenant, UUID id, @Nullable Integer number) {
    return transactions.inTenant(
        tenant,
        () -> {
          if (number != null && version(tenant, id, number).isEmpty()) {
            return false;
          }
          setActive(tenant, id, number);
          return true;
        });
  }

  private void setActive(UUID tenant, UUID id, @Nullable Integer number) {
    jdbc.sql(
            "update moderation_policy set active_version = ?, updated_at = ?"
                + " where tenant_id = ? and id = ?")
        .params(Arrays.asList(number, Timestamp.from(clock.instant()), tenant, id))
        .update();
  }

  List<PolicyVersion> versions(UUID tenant, UUID id) {
    return transactions.inTenant(
        tenant,
        () ->
            jdbc.sql(
                    "select * from moderation_policy_version where tenant_id = ? and policy_id = ?"
                        + " order by number desc limit 1000")
                .params(tenant, id)
                .query((row, _) -> version(row))
                .list());
  }

  Optional<PolicyVersion> version(UUID tenant, UUID id, int number) {
    return transactions.inTenant(
        tenant,
        () ->
            jdbc.sql(
                    "select * from moderation_policy_version"
                        + " where tenant_id = ? and policy_id = ? and number = ?")
                .params(tenant, id, number)
                .query((row, _) -> version(row))
                .optional());
  }

  List<Active> active(UUID tenant) {
    return transactions.inTenant(
        tenant,
        () ->
            jdbc.sql(
                    """
                    select v.*, p.scope_kind, p.scope_value,
                        array(select k.id::text from api_key k
                              where p.scope_kind = 'key' and k.tenant_id = p.tenant_id
                                and k.line_id = (select line_id from api_key named
                                                 where named.tenant_id = p.tenant_id
                                                   and named.id::text = p.scope_value)) as keys
                    from moderation_policy p
                    join moderation_policy_version v
                      on v.tenant_id = p.tenant_id and v.policy_id = p.id
                        and v.number = p.active_version
                    where p.tenant_id = ?
                    order by p.created_at, p.id
                    """)
                .param(tenant)
                .query(
                    (row, _) ->
                        new Active(
                            row.getObject("policy_id", UUID.class),
                            scope(row),
                            keys(row),
                            version(row)))
                .list());
  }

  /** The number of each policy's last version; those without one are not in it. */
  Map<UUID, Integer> lastNumbers(UUID tenant) {
    Map<UUID, Integer> numbers = new HashMap<>();
    transactions.runInTenant(
        tenant,
        () ->
            jdbc.sql(
                    "select policy_id, max(number) as last from moderation_policy_version"
                        + " where tenant_id = ? group by 1")
                .param(tenant)
                .query(
                    row -> {
                      numbers.put(row.getObject("policy_id", UUID.class), row.getInt("last"));
                    }));
    return numbers;
  }

  /** Whether the tenant has what the scope names; models and deployments are no tenant's. */
  boolean knows(UUID tenant, PolicyScope scope) {
    String table =
        switch (scope.kind()) {
          case WORKSPACE -> "workspace";
          case KEY -> "api_key";
          case ORGANIZATION, MODEL, DEPLOYMENT -> "";
        };
    return table.isEmpty()
        || transactions.inTenant(
            tenant,
            () ->
                jdbc.sql(
                        "select exists (select from "
                            + table
                            + " where tenant_id = ? and id::text = ?)")
                    .params(tenant, scope.value())
                    .query(Boolean.class)
                    .single());
  }

  private static Set<String> keys(ResultSet row) throws SQLException {
    return Set.of((String[]) row.getArray("keys").getArray());
  }

  private static StoredPolicy stored(ResultSet row) throws SQLException {
    return new StoredPolicy(
        row.getObject("id", UUID.class),
        row.getString("name"),
        scope(row),
        row.getString("draft"),
        row.getObject("active_version", Integer.class),
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("updated_at").toInstant());
  }

  private static PolicyScope scope(ResultSet row) throws SQLException {
    return new PolicyScope(
        PolicyScope.Kind.valueOf(row.getString("scope_kind").toUpperCase(Locale.ROOT)),
        row.getString("scope_value"));
  }

  private static PolicyVersion version(ResultSet row) throws SQLException {
    return new PolicyVersion(
        row.getInt("number"),
        row.getString("content"),
        row.getString("content_hash"),
        row.getObject("published_by", UUID.class),
        row.getTimestamp("published_at").toInstant());
  }
}

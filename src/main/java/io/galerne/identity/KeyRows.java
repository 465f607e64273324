package io.galerne.identity;

import static io.galerne.identity.KeyLookup.instant;
import static io.galerne.identity.KeyLookup.texts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of API keys. Every call needs the transaction of the keys' tenant. */
@Component
class KeyRows {
  private static final String SELECT =
      """
      select k.*, w.name as workspace_name, m.email
      from api_key k
        join workspace w on w.tenant_id = k.tenant_id and w.id = k.workspace_id
        left join member m on m.tenant_id = k.tenant_id and m.id = k.created_by
      where k.revoked_at is null and k.person_id is null
      """;

  private final JdbcClient jdbc;

  KeyRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** What is stored of a secret. */
  record Stored(String display, String hash) {}

  void insert(
      UUID tenantId,
      UUID id,
      NewApiKey key,
      Stored secret,
      Instant now,
      @Nullable UUID rotatedFrom) {
    jdbc.sql(
            """
            insert into api_key (tenant_id, id, workspace_id, name, display, key_hash, created_at,
                expires_at, version, created_by, models, endpoints, networks, requests_per_second,
                tokens_per_minute, tokens_per_month, monthly_spend_micros, rotated_from, line_id)
            values (:tenant, :id, :workspace, :name, :display, :hash, :now, :expires, 0, :user,
                :models, :endpoints, :networks, :rps, :tpm, :month, :spend, :rotated,
                coalesce((select line_id from api_key where id = :rotated), :id))
            """)
        .param("tenant", tenantId)
        .param("id", id)
        .param("workspace", key.workspaceId())
        .param("name", key.name())
        .param("display", secret.display())
        .param("hash", secret.hash())
        .param("now", Timestamp.from(now))
        .param("expires", timestamp(key.expiresAt()))
        .param("user", key.userId())
        .param("models", array(key.scope().models()))
        .param("endpoints", array(key.scope().endpoints()))
        .param("networks", array(key.scope().networks()))
        .param("rps", key.caps().requestsPerSecond())
        .param("tpm", key.caps().tokensPerMinute())
        .param("month", key.caps().tokensPerMonth())
        .param("spend", key.caps().monthlySpendMicros())
        .param("rotated", rotatedFrom, Types.OTHER)
        .update();
  }

  Optional<ApiKeyDetails> find(UUID id) {
    return jdbc.sql(SELECT + " and k.id = ?").param(id).query((row, _) -> details(row)).optional();
  }

  /**
   * @param workspaces whose keys; null for all
   * @param name a part of the names or of what is shown of the keys, in any case; empty for all
   */
  List<ApiKeyDetails> list(
      @Nullable Iterable<UUID> workspaces, String name, int limit, long offset) {
    return jdbc.sql(
            SELECT
                + """
                  and (:all or k.workspace_id = any (:workspaces))
                  and (position(lower(:name) in lower(k.name)) > 0
                    or position(lower(:name) in lower(k.display)) > 0)
                order by k.created_at, k.id
                limit :limit offset :offset
                """)
        .param("all", workspaces == null)
        .param("workspaces", workspaces == null ? new UUID[0] : uuids(workspaces))
        .param("name", name)
        .param("limit", limit)
        .param("offset", offset)
        .query((row, _) -> details(row))
        .list();
  }

  void update(UUID id, String name, @Nullable Instant expiresAt, KeyScope scope, KeyCaps caps) {
    jdbc.sql(
            """
            update api_key set name = :name, expires_at = :expires, models = :models,
                endpoints = :endpoints, networks = :networks, requests_per_second = :rps,
                tokens_per_minute = :tpm, tokens_per_month = :month, monthly_spend_micros = :spend
            where id = :id
            """)
        .param("id", id)
        .param("name", name)
        .param("expires", timestamp(expiresAt))
        .param("models", array(scope.models()))
        .param("endpoints", array(scope.endpoints()))
        .param("networks", array(scope.networks()))
        .param("rps", caps.requestsPerSecond())
        .param("tpm", caps.tokensPerMinute())
        .param("month", caps.tokensPerMonth())
        .param("spend", caps.monthlySpendMicros())
        .update();
  }

  /** False if there is no such key that is not withdrawn yet. */
  boolean revoke(UUID id, Instant now) {
    return jdbc.sql("update api_key set revoked_at = ? where id = ? and revoked_at is null")
            .params(Timestamp.from(now), id)
            .update()
        > 0;
  }

  List<UUID> named(UUID workspaceId, String name) {
    return jdbc.sql(
            "select id from api_key where workspace_id = ? and name = ? and revoked_at is null")
        .params(workspaceId, name)
        .query((row, _) -> row.getObject(1, UUID.class))
        .list();
  }

  private static ApiKeyDetails details(ResultSet row) throws SQLException {
    return new ApiKeyDetails(
        row.getObject("id", UUID.class),
        row.getObject("workspace_id", UUID.class),
        row.getString("workspace_name"),
        row.getString("name"),
        row.getString("display"),
        row.getTimestamp("created_at").toInstant(),
        instant(row, "expires_at"),
        instant(row, "last_used_at"),
        row.getObject("created_by", UUID.class),
        row.getString("email"),
        row.getObject("rotated_from", UUID.class),
        new KeyScope(texts(row, "models"), texts(row, "endpoints"), texts(row, "networks")),
        new KeyCaps(
            row.getObject("requests_per_second", Integer.class),
            row.getObject("tokens_per_minute", Long.class),
            row.getObject("tokens_per_month", Long.class),
            row.getObject("monthly_spend_micros", Long.class)));
  }

  static @Nullable Timestamp timestamp(@Nullable Instant instant) {
    return instant == null ? null : Timestamp.from(instant);
  }

  private static String[] array(List<String> texts) {
    return texts.toArray(String[]::new);
  }

  static UUID[] uuids(Iterable<UUID> ids) {
    List<UUID> all = new ArrayList<>();
    ids.forEach(all::add);
    return all.toArray(UUID[]::new);
  }
}

package io.galerne.identity;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of workspaces. Every call needs the transaction of their tenant. */
@Component
class WorkspaceRows {
  private static final String SELECT =
      """
      select w.id, w.name, w.description, w.icon, w.is_default, w.created_at, w.archived_at,
          w.key_days_max,
          (select count(distinct r.member_id) from workspace_role r where r.workspace_id = w.id)
            as members_count
      from workspace w
      """;

  private static final String FILTER =
      """
      where (:archived or w.archived_at is null)
        and (:all or w.id = any (:ids))
        and position(lower(:search) in lower(w.name)) > 0
      """;

  private final JdbcClient jdbc;

  WorkspaceRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** What can be changed; what is null stays. */
  record Change(@Nullable String name, @Nullable String description, @Nullable String icon) {}

  void insert(UUID tenantId, UUID id, String name, Instant now) {
    jdbc.sql(
            "insert into workspace (tenant_id, id, name, created_at, version) values (?, ?, ?, ?,"
                + " 0)")
        .params(tenantId, id, name, Timestamp.from(now))
        .update();
  }

  Optional<WorkspaceDetails> find(UUID id) {
    return jdbc.sql(SELECT + " where w.id = ?")
        .param(id)
        .query(new SimplePropertyRowMapper<>(WorkspaceDetails.class))
        .optional();
  }

  /**
   * @param only these; null for all
   */
  Page<WorkspaceDetails> list(
      Page.Wanted wanted, @Nullable Set<UUID> only, boolean archived, String search) {
    UUID[] ids = only == null ? new UUID[0] : KeyRows.uuids(only);
    long total =
        jdbc.sql("select count(*) from workspace w " + FILTER)
            .param("archived", archived)
            .param("all", only == null)
            .param("ids", ids)
            .param("search", search)
            .query(Long.class)
            .single();
    List<WorkspaceDetails> items =
        jdbc.sql(SELECT + FILTER + " order by w.created_at, w.id limit :limit offset :offset")
            .param("archived", archived)
            .param("all", only == null)
            .param("ids", ids)
            .param("search", search)
            .param("limit", wanted.size())
            .param("offset", wanted.offset())
            .query(new SimplePropertyRowMapper<>(WorkspaceDetails.class))
            .list();
    return new Page<>(items, total);
  }

  void update(UUID id, Change change) {
    jdbc.sql(
            """
            update workspace set name = coalesce(:name, name),
                description = coalesce(:description, description), icon = coalesce(:icon, icon),
                version = version + 1
            where id = :id
            """)
        .param("name", change.name())
        .param("description", change.description())
        .param("icon", change.icon())
        .param("id", id)
        .update();
  }

  void limitKeys(UUID id, @Nullable Integer days) {
    jdbc.sql("update workspace set key_days_max = :days where id = :id")
        .param("days", days)
        .param("id", id)
        .update();
  }

  void archive(UUID id, Instant now) {
    jdbc.sql("update workspace set archived_at = ?, version = version + 1 where id = ?")
        .params(Timestamp.from(now), id)
        .update();
  }

  /** The strictest of the policies on how long a new key may last, in days; null for any. */
  @Nullable Integer keyDaysMax(UUID workspaceId) {
    return jdbc.sql(
            """
            select least(t.key_days_max, w.key_days_max)
            from workspace w join tenant t on t.tenant_id = w.tenant_id where w.id = ?
            """)
        .param(workspaceId)
        .query((row, _) -> Optional.ofNullable(row.getObject(1, Integer.class)))
        .single()
        .orElse(null);
  }
}

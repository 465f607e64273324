package io.galerne.identity;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Who has which role. Every call needs the transaction of the members' tenant. */
@Component
class Roles {
  private final JdbcClient jdbc;

  Roles(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Set<OrganizationRole> ofMember(UUID memberId) {
    return ofMembers(List.of(memberId)).getOrDefault(memberId, Set.of());
  }

  Map<UUID, Set<OrganizationRole>> ofMembers(Collection<UUID> memberIds) {
    Map<UUID, Set<OrganizationRole>> roles = new HashMap<>();
    jdbc.sql("select member_id, role from member_role where member_id = any (?)")
        .param(memberIds.toArray(UUID[]::new))
        .query(
            row -> {
              Set<OrganizationRole> own =
                  roles.computeIfAbsent(
                      uuid(row, "member_id"), _ -> EnumSet.noneOf(OrganizationRole.class));
              OrganizationRole.of(row.getString("role")).ifPresent(own::add);
            });
    return roles;
  }

  Map<UUID, Set<Permission>> permissionsInWorkspaces(UUID memberId) {
    Map<UUID, Set<Permission>> permissions = new HashMap<>();
    inWorkspaces(memberId)
        .forEach(
            (workspace, roles) -> permissions.put(workspace, WorkspaceRole.permissions(roles)));
    return permissions;
  }

  /** The member's roles in each workspace that is not archived. */
  Map<UUID, Set<WorkspaceRole>> inWorkspaces(UUID memberId) {
    Map<UUID, Set<WorkspaceRole>> roles = new HashMap<>();
    jdbc.sql(
            """
            select r.workspace_id, r.role
            from workspace_role r
              join workspace w on w.tenant_id = r.tenant_id and w.id = r.workspace_id
            where r.member_id = ? and w.archived_at is null
            """)
        .param(memberId)
        .query(
            row -> {
              Set<WorkspaceRole> own =
                  roles.computeIfAbsent(
                      uuid(row, "workspace_id"), _ -> EnumSet.noneOf(WorkspaceRole.class));
              WorkspaceRole.of(row.getString("role")).ifPresent(own::add);
            });
    return roles;
  }

  void replace(UUID tenantId, UUID memberId, Set<OrganizationRole> roles) {
    jdbc.sql("delete from member_role where member_id = ?").param(memberId).update();
    for (OrganizationRole role : roles) {
      jdbc.sql("insert into member_role values (?, ?, ?)")
          .params(tenantId, memberId, role.label())
          .update();
    }
  }

  void replaceInWorkspace(
      UUID tenantId, UUID workspaceId, UUID memberId, Set<WorkspaceRole> roles) {
    removeFromWorkspace(workspaceId, memberId);
    for (WorkspaceRole role : roles) {
      jdbc.sql("insert into workspace_role values (?, ?, ?, ?)")
          .params(tenantId, workspaceId, memberId, role.label())
          .update();
    }
  }

  /** Whether the member had any role there. */
  boolean removeFromWorkspace(UUID workspaceId, UUID memberId) {
    return jdbc.sql("delete from workspace_role where workspace_id = ? and member_id = ?")
            .params(workspaceId, memberId)
            .update()
        > 0;
  }

  void removeEverywhere(UUID memberId) {
    jdbc.sql("delete from workspace_role where member_id = ?").param(memberId).update();
    jdbc.sql("delete from member_role where member_id = ?").param(memberId).update();
  }

  /** Members, other than this one, who have one of the roles. */
  long othersWith(UUID memberId, OrganizationRole... roles) {
    return jdbc.sql(
            "select count(distinct member_id) from member_role where member_id <> ? and role = any"
                + " (?)")
        .params(memberId, Stream.of(roles).map(OrganizationRole::label).toArray(String[]::new))
        .query(Long.class)
        .single();
  }

  private static UUID uuid(ResultSet row, String column) throws SQLException {
    return row.getObject(column, UUID.class);
  }
}

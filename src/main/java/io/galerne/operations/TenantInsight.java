package io.galerne.operations;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.OperatorTrail;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.OrganizationRole;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What an operator sees within one tenant: names and numbers, never what anybody asked. */
@Component
class TenantInsight {
  private static final int WORKSPACES_MAX = 200;

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final OperatorTrail trail;

  TenantInsight(TenantTransactions transactions, JdbcClient jdbc, OperatorTrail trail) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.trail = trail;
  }

  /** A workspace with its members and its keys that can still be used. */
  record Workspace(
      UUID id,
      String name,
      Instant createdAt,
      @Nullable Instant archivedAt,
      long members,
      long keys) {}

  /** Somebody who is invited to own the tenant. */
  record OwnerInvited(String email, Instant expiresAt) {}

  /**
   * What there is in the tenant.
   *
   * @param keys that can still be used
   * @param workspaces at most 200, oldest first
   */
  record Census(
      long members,
      long owners,
      long keys,
      List<Workspace> workspaces,
      List<OwnerInvited> invited) {}

  private record Counts(long members, long owners, long keys) {}

  /** Looks into the tenant; the platform's trail has a row of it. */
  Census of(PlatformOperator operator, UUID tenantId) {
    return transactions.inTenant(
        tenantId,
        () -> {
          trail.recordPlatform(
              AuditEntry.of(
                  tenantId, operator.actor(), "organization.read", "ORGANIZATION", tenantId));
          Counts counts =
              jdbc.sql(
                      """
                      select
                        (select count(*) from member where removed_at is null) as members,
                        (select count(distinct r.member_id) from member_role r
                           join member m on m.tenant_id = r.tenant_id and m.id = r.member_id
                           where r.role = :owner and m.removed_at is null) as owners,
                        (select count(*) from api_key where revoked_at is null
                           and person_id is null
                           and (expires_at is null or expires_at > now())) as keys
                      """)
                  .param("owner", OrganizationRole.OWNER.label())
                  .query(new SimplePropertyRowMapper<>(Counts.class))
                  .single();
          return new Census(
              counts.members(), counts.owners(), counts.keys(), workspaces(), invited());
        });
  }

  private List<Workspace> workspaces() {
    return jdbc.sql(
            """
            select w.id, w.name, w.created_at, w.archived_at,
              (select count(distinct r.member_id) from workspace_role r
                 where r.workspace_id = w.id) as members,
              (select count(*) from api_key k where k.workspace_id = w.id
                 and k.revoked_at is null and k.person_id is null
                 and (k.expires_at is null or k.expires_at > now())) as keys
            from workspace w order by w.created_at, w.id limit ?
            """)
        .param(WORKSPACES_MAX)
        .query(new SimplePropertyRowMapper<>(Workspace.class))
        .list();
  }

  private List<OwnerInvited> invited() {
    return jdbc.sql(
            """
            select email, expires_at from invitation
            where accepted_at is null and revoked_at is null and ? = any (roles)
              and expires_at > now()
            order by created_at limit 20
            """)
        .param(OrganizationRole.OWNER.label())
        .query(new SimplePropertyRowMapper<>(OwnerInvited.class))
        .list();
  }
}

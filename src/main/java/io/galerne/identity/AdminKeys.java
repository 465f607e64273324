package io.galerne.identity;

import io.galerne.audit.Actor;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.TenantAdmin;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Keys of the Admin API. Each belongs to a member and may do what the member's roles allow at the
 * moment of the request; nobody makes or withdraws one that may do more than they themselves.
 */
@Service
public class AdminKeys {
  private final TenantTransactions transactions;
  private final MemberRows members;
  private final JdbcClient jdbc;
  private final KeyHasher hasher;
  private final AuditLog audit;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  AdminKeys(
      TenantTransactions transactions,
      MemberRows members,
      JdbcClient jdbc,
      KeyHasher hasher,
      AuditLog audit,
      Clock clock) {
    this.transactions = transactions;
    this.members = members;
    this.jdbc = jdbc;
    this.hasher = hasher;
    this.audit = audit;
    this.clock = clock;
  }

  public List<AdminKeyDetails> list(TenantAdmin caller) {
    return transactions.inTenant(
        caller.tenantId(),
        () ->
            jdbc.sql(
                    """
                    select k.*, m.email from admin_key k
                      join member m on m.tenant_id = k.tenant_id and m.id = k.member_id
                    where k.revoked_at is null and m.removed_at is null
                    order by k.created_at, k.id
                    """)
                .query(new SimplePropertyRowMapper<>(AdminKeyDetails.class))
                .list());
  }

  /**
   * Makes a key that acts with the member's roles.
   *
   * @throws RefusedException if there is no such member, or one who may do more than the caller
   */
  public IssuedKey create(
      TenantAdmin caller, UUID memberId, String name, @Nullable Instant expiresAt) {
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          requireCovered(caller, memberId);
          return issue(caller.tenantId(), caller.actor(), memberId, name, expiresAt);
        });
  }

  /** Within the tenant's transaction. */
  IssuedKey issue(
      UUID tenantId, Actor actor, UUID memberId, String name, @Nullable Instant expiresAt) {
    String secret = KeyFormat.ADMIN.newKey(random);
    IssuedKey issued = new IssuedKey(UUID.randomUUID(), secret, KeyFormat.ADMIN.display(secret));
    jdbc.sql(
            """
            insert into admin_key (tenant_id, id, member_id, name, display, key_hash, created_at,
                expires_at)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .param(tenantId)
        .param(issued.id())
        .param(memberId)
        .param(name)
        .param(issued.display())
        .param(hasher.hash(secret))
        .param(Timestamp.from(clock.instant()))
        .param(KeyRows.timestamp(expiresAt))
        .update();
    audit.record(
        AuditEntry.of(tenantId, actor, "admin_api_key.created", "ADMIN_API_KEY", issued.id())
            .with("user", memberId.toString())
            .with("name", name));
    return issued;
  }

  /**
   * Withdraws a key; the next request with it is refused, on every instance.
   *
   * @throws RefusedException if there is no such key, or its member may do more than the caller
   */
  public void revoke(TenantAdmin caller, UUID keyId) {
    transactions.runInTenant(
        caller.tenantId(),
        () -> {
          UUID memberId =
              jdbc.sql("select member_id from admin_key where id = ? and revoked_at is null")
                  .param(keyId)
                  .query(UUID.class)
                  .optional()
                  .orElseThrow(() -> RefusedException.unknown("admin API key"));
          if (members.exists(memberId)) {
            requireCovered(caller, memberId);
          }
          jdbc.sql("update admin_key set revoked_at = ? where id = ?")
              .params(Timestamp.from(clock.instant()), keyId)
              .update();
          audit.record(
              AuditEntry.of(
                  caller.tenantId(),
                  caller.actor(),
                  "admin_api_key.delete",
                  "ADMIN_API_KEY",
                  keyId));
        });
  }

  private void requireCovered(TenantAdmin caller, UUID memberId) {
    MemberDetails member =
        members.find(memberId).orElseThrow(() -> RefusedException.unknown("user", "user_id"));
    MemberDirectory.requireCovered(caller, member.roles());
    for (MemberDetails.Membership membership : member.workspaces()) {
      for (Permission permission : WorkspaceRole.permissions(membership.roles())) {
        if (!caller.mayIn(membership.workspaceId(), permission)) {
          throw RefusedException.beyondCaller(
              "The user may do more than you in the workspace " + membership.workspaceName());
        }
      }
    }
  }
}

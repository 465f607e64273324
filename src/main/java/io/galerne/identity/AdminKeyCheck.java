package io.galerne.identity;

import static io.galerne.identity.KeyLookup.instant;

import io.galerne.audit.Actor;
import io.galerne.database.TenantTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tells who presents a key of the Admin API. Nothing is remembered: these requests are few, and a
 * role that is taken away must count with the next one.
 */
@Component
class AdminKeyCheck {
  private static final Duration LAST_USE_PRECISION = Duration.ofMinutes(1);

  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;
  private final Roles roles;
  private final KeyHasher hasher;
  private final Clock clock;

  AdminKeyCheck(
      PlatformTransactionManager transactionManager,
      JdbcClient jdbc,
      Roles roles,
      KeyHasher hasher,
      Clock clock) {
    this.transactions = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
    this.roles = roles;
    this.hasher = hasher;
    this.clock = clock;
  }

  private record Found(
      UUID tenantId,
      UUID id,
      UUID memberId,
      @Nullable Instant expiresAt,
      @Nullable Instant lastUsedAt,
      boolean gone,
      boolean suspended) {}

  AdminCheck check(String presented, UUID requestId, String address) {
    if (KeyFormat.ADMIN.isWellFormed(presented)) {
      return transactions.execute(_ -> member(hasher.hash(presented), requestId, address));
    }
    if (KeyFormat.OPERATOR.isWellFormed(presented)) {
      return operator(hasher.hash(presented), requestId, address);
    }
    return new AdminCheck.Refused();
  }

  private AdminCheck operator(String hash, UUID requestId, String address) {
    return jdbc.sql("select id from operator_key where key_hash = ? and revoked_at is null")
        .param(hash)
        .query(UUID.class)
        .optional()
        .<AdminCheck>map(
            id ->
                new AdminCheck.Valid(
                    new AdminCaller.PlatformOperator(
                        id, new Actor(Actor.Kind.OPERATOR, id, requestId, address))))
        .orElseGet(AdminCheck.Refused::new);
  }

  private AdminCheck member(String hash, UUID requestId, String address) {
    TenantTransactions.setForTransaction(jdbc, "galerne.key_hash", hash);
    Optional<UUID> tenant =
        jdbc.sql("select tenant_id from admin_key where key_hash = ?")
            .param(hash)
            .query(UUID.class)
            .optional();
    if (tenant.isEmpty()) {
      return new AdminCheck.Refused();
    }
    TenantTransactions.setForTransaction(jdbc, "galerne.tenant", tenant.get().toString());
    Found key = find(hash);
    Instant now = clock.instant();
    if (key.gone() || (key.expiresAt() != null && !now.isBefore(key.expiresAt()))) {
      return new AdminCheck.Refused();
    }
    if (key.suspended()) {
      return new AdminCheck.Suspended();
    }
    noteUse(key, now);
    return new AdminCheck.Valid(
        new AdminCaller.TenantAdmin(
            key.tenantId(),
            key.memberId(),
            key.id(),
            OrganizationRole.permissions(roles.ofMember(key.memberId())),
            roles.permissionsInWorkspaces(key.memberId()),
            new Actor(Actor.Kind.MEMBER, key.memberId(), requestId, address)));
  }

  private Found find(String hash) {
    return jdbc.sql(
            """
            select k.*, k.revoked_at is not null or m.removed_at is not null as gone,
                t.suspended_at is not null as suspended
            from admin_key k
              join member m on m.tenant_id = k.tenant_id and m.id = k.member_id
              join tenant t on t.tenant_id = k.tenant_id
            where k.key_hash = ?
            """)
        .param(hash)
        .query((row, _) -> found(row))
        .single();
  }

  private static Found found(ResultSet row) throws SQLException {
    return new Found(
        row.getObject("tenant_id", UUID.class),
        row.getObject("id", UUID.class),
        row.getObject("member_id", UUID.class),
        instant(row, "expires_at"),
        instant(row, "last_used_at"),
        row.getBoolean("gone"),
        row.getBoolean("suspended"));
  }

  private void noteUse(Found key, Instant now) {
    if (key.lastUsedAt() == null || !key.lastUsedAt().plus(LAST_USE_PRECISION).isAfter(now)) {
      jdbc.sql("update admin_key set last_used_at = ? where id = ?")
          .params(Timestamp.from(now), key.id())
          .update();
    }
  }
}

package io.galerne.identity;

import io.galerne.audit.Actor;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.TenantAdmin;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Invitations to a tenant. Each lasts seven days and is taken up once, with a token of which only
 * the hash is stored. Sending it again makes another token; the old one is worth nothing then.
 */
@Service
public class Invitations {
  private static final Duration LIFETIME = Duration.ofDays(7);
  private static final String PENDING = " where accepted_at is null and revoked_at is null";

  private final TransactionTemplate unknownTenant;
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final MemberRows members;
  private final Roles roles;
  private final KeyHasher hasher;
  private final AuditLog audit;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  Invitations(
      PlatformTransactionManager transactionManager,
      TenantTransactions transactions,
      JdbcClient jdbc,
      MemberRows members,
      Roles roles,
      KeyHasher hasher,
      AuditLog audit,
      Clock clock) {
    this.unknownTenant = new TransactionTemplate(transactionManager);
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.members = members;
    this.roles = roles;
    this.hasher = hasher;
    this.audit = audit;
    this.clock = clock;
  }

  /** What became of inviting some people. */
  public record Result(List<Invitation.Sent> sent, List<String> alreadyMembers) {}

  /** Whom an invitation has made a member of what. */
  public record Accepted(UUID tenantId, UUID memberId, String email) {}

  /** Invitations that were neither taken up nor withdrawn, oldest first. */
  public List<Invitation> pending(TenantAdmin caller) {
    return transactions.inTenant(
        caller.tenantId(),
        () ->
            jdbc.sql("select * from invitation" + PENDING + " order by created_at, id")
                .query((row, _) -> invitation(row))
                .list());
  }

  /**
   * Invites people. Who was invited already is invited anew: earlier tokens are worth nothing then.
   *
   * @throws RefusedException if there is no such workspace, or the caller may not give one of the
   *     roles; then nobody is invited
   */
  public Result invite(
      TenantAdmin caller,
      List<String> emails,
      Set<OrganizationRole> wanted,
      List<UUID> workspaceIds) {
    MemberDirectory.requireCovered(caller, wanted);
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          members.lock(caller.tenantId());
          workspaceIds.forEach(this::requireWorkspace);
          List<Invitation.Sent> sent = new ArrayList<>();
          List<String> already = new ArrayList<>();
          for (String email : emails) {
            if (members.hasEmail(email)) {
              already.add(email);
            } else {
              jdbc.sql("update invitation set revoked_at = ?" + PENDING + " and email = ?")
                  .params(Timestamp.from(clock.instant()), email)
                  .update();
              sent.add(send(caller.tenantId(), caller.actor(), email, wanted, workspaceIds));
            }
          }
          return new Result(sent, already);
        });
  }

  /**
   * Invites an owner, by the platform's operator.
   *
   * @throws RefusedException if the address is a member's already
   */
  Invitation.Sent inviteOwner(UUID tenantId, Actor actor, String email) {
    return transactions.inTenant(
        tenantId,
        () -> {
          members.lock(tenantId);
          if (members.hasEmail(email)) {
            throw RefusedException.conflict("email", email + " is a member already");
          }
          jdbc.sql("update invitation set revoked_at = ?" + PENDING + " and email = ?")
              .params(Timestamp.from(clock.instant()), email)
              .update();
          return send(tenantId, actor, email, Set.of(OrganizationRole.OWNER), List.of());
        });
  }

  private Invitation.Sent send(
      UUID tenantId,
      Actor actor,
      String email,
      Set<OrganizationRole> wanted,
      List<UUID> workspaceIds) {
    String token = KeyFormat.INVITATION.newKey(random);
    UUID id = UUID.randomUUID();
    Instant now = clock.instant();
    jdbc.sql(
            """
            insert into invitation (tenant_id, id, email, roles, workspace_ids, token_hash,
                created_at, expires_at)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            tenantId,
            id,
            email,
            MemberDirectory.labels(wanted).toArray(String[]::new),
            workspaceIds.toArray(UUID[]::new),
            hasher.hash(token),
            Timestamp.from(now),
            Timestamp.from(now.plus(LIFETIME)))
        .update();
    audit.record(
        AuditEntry.of(tenantId, actor, "organization.invite.send", "ORGANIZATION", id)
            .with("roles", MemberDirectory.labels(wanted)));
    return new Invitation.Sent(find(id), token);
  }

  /**
   * Gives an invitation another token and seven more days.
   *
   * @throws RefusedException if there is no such invitation, or it would give more than the caller
   *     has
   */
  public Invitation.Sent resend(TenantAdmin caller, UUID id) {
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          members.lock(caller.tenantId());
          MemberDirectory.requireCovered(caller, find(id).roles());
          String token = KeyFormat.INVITATION.newKey(random);
          jdbc.sql("update invitation set token_hash = ?, expires_at = ? where id = ?")
              .params(hasher.hash(token), Timestamp.from(clock.instant().plus(LIFETIME)), id)
              .update();
          audit.record(entry(caller, "organization.invite.resend", id));
          return new Invitation.Sent(find(id), token);
        });
  }

  /**
   * Withdraws an invitation.
   *
   * @throws RefusedException if there is no such invitation
   */
  public void revoke(TenantAdmin caller, UUID id) {
    transactions.runInTenant(
        caller.tenantId(),
        () -> {
          members.lock(caller.tenantId());
          find(id);
          jdbc.sql("update invitation set revoked_at = ? where id = ?")
              .params(Timestamp.from(clock.instant()), id)
              .update();
          audit.record(entry(caller, "organization.invite.revoked", id));
        });
  }

  /** What an invitation offers to whoever has its token. */
  public record Offer(UUID tenantId, String email, String organization) {}

  /** What the token offers; empty if it takes nothing up. */
  public Optional<Offer> look(String token) {
    if (!KeyFormat.INVITATION.isWellFormed(token)) {
      return Optional.empty();
    }
    String hash = hasher.hash(token);
    return Optional.ofNullable(unknownTenant.execute(_ -> tenantOf(hash)))
        .flatMap(
            tenantId ->
                transactions.inTenant(
                    tenantId,
                    () ->
                        jdbc.sql(
                                """
                                select i.tenant_id, i.email, t.name as organization
                                from invitation i join tenant t on t.tenant_id = i.tenant_id
                                where i.accepted_at is null and i.revoked_at is null
                                  and i.token_hash = ? and i.expires_at > ?
                                """)
                            .params(hash, Timestamp.from(clock.instant()))
                            .query(new SimplePropertyRowMapper<>(Offer.class))
                            .optional()));
  }

  /**
   * Takes an invitation up.
   *
   * @throws RefusedException if the token takes nothing up: nobody is told whether it is unknown,
   *     too old, withdrawn or used
   */
  public Accepted accept(
      String token, String firstName, String lastName, UUID requestId, String address) {
    if (!KeyFormat.INVITATION.isWellFormed(token)) {
      throw worthless();
    }
    String hash = hasher.hash(token);
    UUID tenantId =
        Optional.ofNullable(unknownTenant.execute(_ -> tenantOf(hash)))
            .orElseThrow(Invitations::worthless);
    return transactions.inTenant(
        tenantId,
        () -> {
          members.lock(tenantId);
          Invitation invitation =
              jdbc.sql("select * from invitation" + PENDING + " and token_hash = ?")
                  .param(hash)
                  .query((row, _) -> invitation(row))
                  .optional()
                  .filter(found -> !found.expired() && !members.hasEmail(found.email()))
                  .orElseThrow(Invitations::worthless);
          return accept(tenantId, invitation, firstName, lastName, requestId, address);
        });
  }

  private Accepted accept(
      UUID tenantId,
      Invitation invitation,
      String firstName,
      String lastName,
      UUID requestId,
      String address) {
    Instant now = clock.instant();
    UUID memberId =
        members.insert(
            tenantId,
            new NewMember(invitation.email(), firstName, lastName, invitation.roles()),
            now);
    for (UUID workspaceId : invitation.workspaceIds()) {
      if (isOpen(workspaceId)) {
        roles.replaceInWorkspace(tenantId, workspaceId, memberId, Set.of(WorkspaceRole.DEFAULT));
      }
    }
    jdbc.sql("update invitation set accepted_at = ? where id = ?")
        .params(Timestamp.from(now), invitation.id())
        .update();
    audit.record(
        AuditEntry.of(
            tenantId,
            new Actor(Actor.Kind.MEMBER, memberId, requestId, address),
            "organization.invite.accepted",
            "USER",
            memberId));
    return new Accepted(tenantId, memberId, invitation.email());
  }

  private @Nullable UUID tenantOf(String hash) {
    TenantTransactions.setForTransaction(jdbc, "galerne.key_hash", hash);
    return jdbc.sql("select tenant_id from invitation where token_hash = ?")
        .param(hash)
        .query(UUID.class)
        .optional()
        .orElse(null);
  }

  private Invitation find(UUID id) {
    return jdbc.sql("select * from invitation" + PENDING + " and id = ?")
        .param(id)
        .query((row, _) -> invitation(row))
        .optional()
        .orElseThrow(() -> RefusedException.unknown("invitation"));
  }

  private void requireWorkspace(UUID id) {
    if (!isOpen(id)) {
      throw RefusedException.unknown("workspace", "workspace_uuids");
    }
  }

  private boolean isOpen(UUID workspaceId) {
    return jdbc.sql("select exists (select from workspace where id = ? and archived_at is null)")
        .param(workspaceId)
        .query(Boolean.class)
        .single();
  }

  private Invitation invitation(ResultSet row) throws SQLException {
    Set<OrganizationRole> given = EnumSet.noneOf(OrganizationRole.class);
    KeyLookup.texts(row, "roles").forEach(role -> OrganizationRole.of(role).ifPresent(given::add));
    Instant expiresAt = row.getTimestamp("expires_at").toInstant();
    return new Invitation(
        row.getObject("id", UUID.class),
        row.getString("email"),
        given,
        List.of((UUID[]) row.getArray("workspace_ids").getArray()),
        row.getTimestamp("created_at").toInstant(),
        expiresAt,
        !clock.instant().isBefore(expiresAt));
  }

  private static AuditEntry entry(TenantAdmin caller, String action, UUID id) {
    return AuditEntry.of(caller.tenantId(), caller.actor(), action, "ORGANIZATION", id);
  }

  private static RefusedException worthless() {
    return RefusedException.unknown("invitation", "token");
  }
}

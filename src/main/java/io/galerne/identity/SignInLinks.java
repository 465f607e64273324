package io.galerne.identity;

import io.galerne.audit.Actor;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.People.Reference;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Links that sign a member in once, without a password: for a first start, and for members who
 * can't sign in any more. A member has one at a time; only the hash of its token is stored.
 */
@Service
public class SignInLinks {
  /** How long a link from a start or an administrator may be used. */
  public static final Duration LIFETIME = Duration.ofHours(24);

  private final TransactionTemplate unknownTenant;
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final MemberRows members;
  private final KeyHasher hasher;
  private final AuditLog audit;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  SignInLinks(
      PlatformTransactionManager transactionManager,
      TenantTransactions transactions,
      JdbcClient jdbc,
      MemberRows members,
      KeyHasher hasher,
      AuditLog audit,
      Clock clock) {
    this.unknownTenant = new TransactionTemplate(transactionManager);
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.members = members;
    this.hasher = hasher;
    this.audit = audit;
    this.clock = clock;
  }

  /** Makes a link for a member, by Galerne itself; its token. */
  public String issue(Reference person) {
    return transactions.inTenant(person.tenantId(), () -> issue(person, Actor.system()));
  }

  /**
   * Makes a link for a member.
   *
   * @return its token
   * @throws RefusedException if there is no such member, or one who may do more than the caller, or
   *     operates the platform
   */
  public String issue(TenantAdmin caller, UUID memberId) {
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          MemberDetails member =
              members.find(memberId).orElseThrow(() -> RefusedException.unknown("user"));
          MemberDirectory.requireCovered(caller, member.roles());
          if (!memberId.equals(caller.memberId()) && isOperator(memberId)) {
            throw RefusedException.beyondCaller(
                "This person operates the platform, which is more than your own roles allow");
          }
          return issue(new Reference(caller.tenantId(), memberId), caller.actor());
        });
  }

  /** Whoever made a link for an operator could become one. */
  private boolean isOperator(UUID memberId) {
    return jdbc.sql("select exists (select from platform_operator where member_id = ?)")
        .param(memberId)
        .query(Boolean.class)
        .single();
  }

  private String issue(Reference person, Actor actor) {
    String token = KeyFormat.SIGN_IN.newKey(random);
    Timestamp now = Timestamp.from(clock.instant());
    jdbc.sql("update sign_in_link set used_at = ? where member_id = ? and used_at is null")
        .params(now, person.memberId())
        .update();
    jdbc.sql(
            """
            insert into sign_in_link (tenant_id, id, member_id, token_hash, created_at, expires_at)
            values (?, ?, ?, ?, ?, ?)
            """)
        .params(
            person.tenantId(),
            UUID.randomUUID(),
            person.memberId(),
            hasher.hash(token),
            now,
            Timestamp.from(clock.instant().plus(LIFETIME)))
        .update();
    audit.record(
        AuditEntry.of(
            person.tenantId(), actor, "user.sign_in_link.create", "USER", person.memberId()));
    return token;
  }

  /** Whose link this is; empty if it is unknown, used or too old. It stays as it is. */
  public Optional<Reference> look(String token) {
    return find(token)
        .filter(
            person ->
                transactions.inTenant(
                    person.tenantId(),
                    () ->
                        jdbc.sql("select exists (select from sign_in_link where " + OPEN + ")")
                            .params(hasher.hash(token), Timestamp.from(clock.instant()))
                            .query(Boolean.class)
                            .single()));
  }

  /** Uses a link up; whose it was. Of two who do so at the same moment one gets nothing. */
  public Optional<Reference> use(String token) {
    return find(token)
        .filter(
            person ->
                transactions.inTenant(
                    person.tenantId(),
                    () -> {
                      Timestamp now = Timestamp.from(clock.instant());
                      return jdbc.sql("update sign_in_link set used_at = ? where " + OPEN)
                              .params(now, hasher.hash(token), now)
                              .update()
                          > 0;
                    }));
  }

  private static final String OPEN = "token_hash = ? and used_at is null and expires_at > ?";

  private Optional<Reference> find(@Nullable String token) {
    if (token == null || !KeyFormat.SIGN_IN.isWellFormed(token)) {
      return Optional.empty();
    }
    String hash = hasher.hash(token);
    Optional<Reference> found =
        unknownTenant.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, "galerne.key_hash", hash);
              return jdbc.sql("select tenant_id, member_id from sign_in_link where token_hash = ?")
                  .param(hash)
                  .query(Reference.class)
                  .optional();
            });
    return found == null ? Optional.empty() : found;
  }
}

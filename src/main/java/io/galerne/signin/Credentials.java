package io.galerne.signin;

import io.galerne.audit.Actor;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.People.Reference;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/** Members' passwords, and the version of their credentials that sessions are held to. */
@Component
class Credentials {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final PasswordEncoder encoder;
  private final AuditLog audit;
  private final Clock clock;

  Credentials(
      TenantTransactions transactions,
      JdbcClient jdbc,
      PasswordEncoder encoder,
      AuditLog audit,
      Clock clock) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.encoder = encoder;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * What a member signs in with.
   *
   * @param passwordHash null as long as they have not set a password
   * @param secondFactor whether they owe a code besides
   */
  record Known(@Nullable String passwordHash, int version, boolean secondFactor) {
    static final Known NONE = new Known(null, 0, false);
  }

  Known of(Reference person) {
    return transactions.inTenant(
        person.tenantId(),
        () ->
            jdbc.sql(
                    """
                    select password_hash, version, totp_confirmed_at is not null as second_factor
                    from person_credential where member_id = ?
                    """)
                .param(person.memberId())
                .query(Known.class)
                .optional()
                .orElse(Known.NONE));
  }

  int version(Reference person) {
    return of(person).version();
  }

  /** Sets a password; every session of the member is over then. The credentials' new version. */
  int setPassword(Reference person, CharSequence password, Actor actor) {
    String hash = encoder.encode(password);
    return transactions.inTenant(
        person.tenantId(),
        () -> {
          int version =
              jdbc.sql(
                      """
                      insert into person_credential as c
                        (tenant_id, member_id, version, password_hash, password_set_at)
                      values (?, ?, 1, ?, ?)
                      on conflict (tenant_id, member_id) do update
                        set version = c.version + 1, password_hash = excluded.password_hash,
                          password_set_at = excluded.password_set_at
                      returning version
                      """)
                  .params(
                      person.tenantId(), person.memberId(), hash, Timestamp.from(clock.instant()))
                  .query(Integer.class)
                  .single();
          audit.record(
              AuditEntry.of(
                  person.tenantId(), actor, "user.password.set", "USER", person.memberId()));
          return version;
        });
  }

  /** Stores the same password under the present way of hashing. */
  void rehash(Reference person, String oldHash, CharSequence password) {
    if (encoder.upgradeEncoding(oldHash)) {
      String hash = encoder.encode(password);
      transactions.runInTenant(
          person.tenantId(),
          () ->
              jdbc.sql(
                      """
                      update person_credential set password_hash = ?
                      where member_id = ? and password_hash = ?
                      """)
                  .params(hash, person.memberId(), oldHash)
                  .update());
    }
  }

  /** Ends every session of the member; the credentials' new version. */
  int endSessions(Reference person, Actor actor) {
    return transactions.inTenant(
        person.tenantId(),
        () -> {
          int version =
              Optional.ofNullable(
                      jdbc.sql(
                              """
                              insert into person_credential as c (tenant_id, member_id, version)
                              values (?, ?, 1)
                              on conflict (tenant_id, member_id) do update set version = c.version + 1
                              returning version
                              """)
                          .params(person.tenantId(), person.memberId())
                          .query(Integer.class)
                          .single())
                  .orElseThrow();
          audit.record(
              AuditEntry.of(
                  person.tenantId(), actor, "user.sessions.end", "USER", person.memberId()));
          return version;
        });
  }
}

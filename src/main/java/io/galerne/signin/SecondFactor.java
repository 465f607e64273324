package io.galerne.signin;

import io.galerne.audit.Actor;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.DerivedSecrets;
import io.galerne.identity.People.Reference;
import io.galerne.secrets.SealedPlace;
import io.galerne.secrets.SecretBox;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Codes beside the password: from an authenticator app, each good once, or from the list of
 * recovery codes that was shown when the app was set up.
 */
@Component
class SecondFactor {
  private static final int RECOVERY_CODES = 10;
  private static final int RECOVERY_CHARS = 16; // 80 bits
  private static final String RECOVERY_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final SecretBox box;
  private final DerivedSecrets hashes;
  private final AuditLog audit;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  SecondFactor(
      TenantTransactions transactions,
      JdbcClient jdbc,
      SecretBox box,
      DerivedSecrets hashes,
      AuditLog audit,
      Clock clock) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.box = box;
    this.hashes = hashes;
    this.audit = audit;
    this.clock = clock;
  }

  private record Stored(byte[] secret, long lastStep) {}

  /** What was set up and confirmed: the codes to keep, and the credentials' new version. */
  record Confirmed(List<String> recoveryCodes, int version) {}

  private static SealedPlace place(Reference person) {
    return new SealedPlace(
        person.tenantId(), person.memberId().toString(), "person_credential.totp_secret");
  }

  /** The secret to set an app up with: the one that waits to be confirmed, or a new one. */
  TotpSecret begin(Reference person) {
    return transactions.inTenant(
        person.tenantId(),
        () -> {
          Optional<TotpSecret> waiting =
              stored(person, false).map(found -> open(person, found.secret()));
          if (waiting.isPresent()) {
            return waiting.get();
          }
          TotpSecret fresh = TotpSecret.fresh(random);
          jdbc.sql(
                  """
                  insert into person_credential (tenant_id, member_id, totp_secret) values (?, ?, ?)
                  on conflict (tenant_id, member_id) do update set totp_secret = excluded.totp_secret
                  """)
              .params(person.tenantId(), person.memberId(), box.seal(fresh.bytes(), place(person)))
              .update();
          return fresh;
        });
  }

  /** Asks for codes from now on, if this is one; other sessions are over then. */
  Optional<Confirmed> confirm(Reference person, String code, Actor actor) {
    return transactions.inTenant(
        person.tenantId(),
        () -> {
          Stored found = stored(person, false).orElse(null);
          OptionalLong step = found == null ? OptionalLong.empty() : step(person, found, code);
          if (step.isEmpty()) {
            return Optional.empty();
          }
          int version =
              jdbc.sql(
                      """
                      update person_credential
                      set totp_confirmed_at = ?, totp_last_step = ?, version = version + 1
                      where member_id = ? returning version
                      """)
                  .params(Timestamp.from(clock.instant()), step.getAsLong(), person.memberId())
                  .query(Integer.class)
                  .single();
          audit.record(entry(person, actor, "user.second_factor.set"));
          return Optional.of(new Confirmed(newRecoveryCodes(person), version));
        });
  }

  /** Whether the code is good; it is used up then. */
  boolean use(Reference person, String presented) {
    String code = presented.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
    return transactions.inTenant(
        person.tenantId(),
        () -> {
          Stored found = stored(person, true).orElse(null);
          if (found == null) {
            return false;
          }
          OptionalLong step = step(person, found, code);
          return step.isPresent()
              ? jdbc.sql(
                          """
                          update person_credential set totp_last_step = ?
                          where member_id = ? and totp_last_step < ?
                          """)
                      .params(step.getAsLong(), person.memberId(), step.getAsLong())
                      .update()
                  > 0
              : jdbc.sql("delete from recovery_code where member_id = ? and code_hash = ?")
                      .params(person.memberId(), hash(person, code))
                      .update()
                  > 0;
        });
  }

  int recoveryCodesLeft(Reference person) {
    return transactions.inTenant(
        person.tenantId(),
        () ->
            jdbc.sql("select count(*) from recovery_code where member_id = ?")
                .param(person.memberId())
                .query(Integer.class)
                .single());
  }

  void remove(Reference person, Actor actor) {
    transactions.runInTenant(
        person.tenantId(),
        () -> {
          jdbc.sql(
                  """
                  update person_credential set totp_secret = null, totp_confirmed_at = null
                  where member_id = ?
                  """)
              .param(person.memberId())
              .update();
          jdbc.sql("delete from recovery_code where member_id = ?")
              .param(person.memberId())
              .update();
          audit.record(entry(person, actor, "user.second_factor.remove"));
        });
  }

  private OptionalLong step(Reference person, Stored found, String code) {
    return open(person, found.secret()).step(code.strip(), clock.instant(), found.lastStep());
  }

  private TotpSecret open(Reference person, byte[] sealed) {
    return new TotpSecret(box.open(sealed, place(person)));
  }

  private Optional<Stored> stored(Reference person, boolean confirmed) {
    return jdbc.sql(
            """
            select totp_secret as secret, totp_last_step as last_step from person_credential
            where member_id = ? and totp_secret is not null and (totp_confirmed_at is not null) = ?
            """)
        .params(person.memberId(), confirmed)
        .query((row, _) -> new Stored(row.getBytes("secret"), row.getLong("last_step")))
        .optional();
  }

  private List<String> newRecoveryCodes(Reference person) {
    jdbc.sql("delete from recovery_code where member_id = ?").param(person.memberId()).update();
    List<String> codes = new ArrayList<>();
    for (int i = 0; i < RECOVERY_CODES; i++) {
      StringBuilder code = new StringBuilder();
      for (int j = 0; j < RECOVERY_CHARS; j++) {
        code.append(RECOVERY_ALPHABET.charAt(random.nextInt(RECOVERY_ALPHABET.length())));
      }
      jdbc.sql("insert into recovery_code values (?, ?, ?)")
          .params(person.tenantId(), person.memberId(), hash(person, code.toString()))
          .update();
      codes.add(code.insert(12, '-').insert(8, '-').insert(4, '-').toString());
    }
    return codes;
  }

  private String hash(Reference person, @Nullable String code) {
    return hashes.deriveHex("recovery code", person.memberId() + " " + code);
  }

  private static AuditEntry entry(Reference person, Actor actor, String action) {
    return AuditEntry.of(person.tenantId(), actor, action, "USER", person.memberId());
  }
}

package io.galerne.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.audit.AuditLog;
import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.MOCK)
@Import(TestDatabase.class)
class ApiKeyServiceIntegrationTests {
  @Autowired TenantRegistry registry;
  @Autowired TenantTransactions transactions;
  @Autowired PlatformTransactionManager transactionManager;
  @Autowired JdbcClient jdbc;
  @Autowired KeyRows rows;
  @Autowired AuditLog audit;
  @Autowired KeyHasher hasher;
  @Autowired ApiKeyService otherInstance;

  private final UUID tenant = UUID.randomUUID();
  private final UUID workspace = UUID.randomUUID();
  private final RememberedKeys remembered = new RememberedKeys();
  private CredentialChanges.Knowledge knowledge = CredentialChanges.Knowledge.CURRENT;
  private LastUses uses;
  private final AtomicInteger asked = new AtomicInteger();
  private Instant now = Instant.parse("2026-11-22T12:00:00Z");
  private ApiKeyService service;

  @BeforeEach
  void setUp() {
    registry.registerTenant(tenant, "T");
    registry.registerWorkspace(tenant, workspace, "W");
    KeyLookup lookup = new KeyLookup(new Counting(transactionManager, asked), jdbc);
    uses = new LastUses(transactions, jdbc);
    service =
        new ApiKeyService(
            transactions, rows, lookup, hasher, remembered, () -> knowledge, uses, audit, clock());
  }

  @AfterEach
  void close() {
    uses.destroy();
  }

  @Test
  void aGoodKeyNamesItsCaller() {
    IssuedKey key = service.issue(tenant, workspace, "k", null);
    assertThat(service.authenticate(key.secret()))
        .isEqualTo(new KeyCheck.Valid(new Caller(tenant, workspace, key.id())));
  }

  @Test
  void malformedKeysCostNoQuery() {
    String good = service.issue(tenant, workspace, "k", null).secret();
    String typo = good.substring(0, 20) + (good.charAt(20) == 'x' ? 'y' : 'x') + good.substring(21);
    for (String malformed : new String[] {"", "nonsense", "sk-1234", typo, good + "0"}) {
      assertThat(service.authenticate(malformed)).isEqualTo(new KeyCheck.Malformed());
    }
    assertThat(asked).hasValue(0);
    // the counter counts: a well-formed key that nobody issued does ask
    assertThat(service.authenticate(KeyFormat.API.newKey(new SecureRandom())))
        .isEqualTo(new KeyCheck.Unknown());
    assertThat(asked).hasValue(1);
  }

  @Test
  void keysExpireOnTimeAlsoWhileRemembered() {
    IssuedKey key = service.issue(tenant, workspace, "k", now.plusSeconds(10));
    assertThat(service.authenticate(key.secret())).isInstanceOf(KeyCheck.Valid.class);
    now = now.plusSeconds(10);
    assertThat(service.authenticate(key.secret())).isEqualTo(new KeyCheck.Expired());
    assertThat(asked).hasValue(1);
  }

  @Test
  void aKnownKeyCostsNoQuery() {
    IssuedKey key = service.issue(tenant, workspace, "k", null);
    for (int i = 0; i < 10; i++) {
      assertThat(service.authenticate(key.secret())).isInstanceOf(KeyCheck.Valid.class);
    }
    assertThat(asked).hasValue(1);
  }

  /** The watch is a fake here: {@code RevocationIntegrationTests} has the real one. */
  @Test
  void aRevocationBitesAtOnceHereAndElsewhereWhenItIsHeardOf() {
    IssuedKey key = service.issue(tenant, workspace, "k", null);
    assertThat(service.authenticate(key.secret())).isInstanceOf(KeyCheck.Valid.class);
    assertThat(otherInstance.revoke(tenant, key.id())).isTrue();
    assertThat(otherInstance.authenticate(key.secret())).isEqualTo(new KeyCheck.Revoked());
    assertThat(service.authenticate(key.secret())).isInstanceOf(KeyCheck.Valid.class);
    remembered.forgetTenant(tenant);
    assertThat(service.authenticate(key.secret())).isEqualTo(new KeyCheck.Revoked());
  }

  @Test
  void anInstanceThatHearsNothingAsks() {
    IssuedKey key = service.issue(tenant, workspace, "k", null);
    service.authenticate(key.secret());
    otherInstance.revoke(tenant, key.id());
    knowledge = CredentialChanges.Knowledge.UNCERTAIN;
    assertThat(service.authenticate(key.secret())).isEqualTo(new KeyCheck.Revoked());
  }

  @Test
  void whatWasReadBeforeAChangeIsNotRemembered() {
    IssuedKey key = service.issue(tenant, workspace, "k", null);
    long before = remembered.changes();
    KeyLookup.Found read =
        new KeyLookup(transactionManager, jdbc).byHash(hasher.hash(key.secret())).orElseThrow();
    otherInstance.revoke(tenant, key.id());
    remembered.forgetTenant(tenant);
    remembered.put(hasher.hash(key.secret()), read, before);
    assertThat(service.authenticate(key.secret())).isEqualTo(new KeyCheck.Revoked());
  }

  @Test
  void onlyTheOwnerCanRevoke() {
    IssuedKey key = service.issue(tenant, workspace, "k", null);
    assertThat(service.revoke(UUID.randomUUID(), key.id())).isFalse();
    assertThat(service.authenticate(key.secret())).isInstanceOf(KeyCheck.Valid.class);
  }

  @Test
  void aKeyNeedsAWorkspaceOfItsTenant() {
    UUID stranger = UUID.randomUUID();
    registry.registerTenant(stranger, "S");
    assertThatThrownBy(() -> service.issue(stranger, workspace, "k", null))
        .isInstanceOf(DataIntegrityViolationException.class);
  }

  @Test
  void theTimeOfUseIsKeptToTheMinute() {
    IssuedKey key = service.issue(tenant, workspace, "k", null);
    Instant first = now;
    service.authenticate(key.secret());
    uses.write();
    assertThat(lastUse(key)).isEqualTo(first);
    later(Duration.ofSeconds(59));
    service.authenticate(key.secret());
    uses.write();
    assertThat(lastUse(key)).isEqualTo(first);
    later(Duration.ofSeconds(1));
    service.authenticate(key.secret());
    uses.write();
    assertThat(lastUse(key)).isEqualTo(first.plusSeconds(60));
  }

  @Test
  void theDatabaseHoldsNoKey() {
    IssuedKey key = service.issue(tenant, workspace, "k", null);
    String row =
        transactions.inTenant(
            tenant,
            () ->
                jdbc.sql("select api_key::text from api_key where id = ?")
                    .param(key.id())
                    .query((rows, _) -> rows.getString(1))
                    .single());
    assertThat(row).contains(hasher.hash(key.secret())).doesNotContain(key.secret());
    assertThat(new KeyHasher("another pepper, also 32 characters").hash(key.secret()))
        .isNotEqualTo(hasher.hash(key.secret()));
  }

  private @Nullable Instant lastUse(IssuedKey key) {
    return transactions.inTenant(tenant, () -> rows.find(key.id()).orElseThrow().lastUsedAt());
  }

  private void later(Duration duration) {
    now = now.plus(duration);
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return now;
      }

      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        throw new UnsupportedOperationException();
      }
    };
  }

  /** Counts transactions, the only way to the database. */
  private record Counting(PlatformTransactionManager real, AtomicInteger begun)
      implements PlatformTransactionManager {
    @Override
    public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
      begun.incrementAndGet();
      return real.getTransaction(definition);
    }

    @Override
    public void commit(TransactionStatus status) {
      real.commit(status);
    }

    @Override
    public void rollback(TransactionStatus status) {
      real.rollback(status);
    }
  }
}

package io.galerne.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.audit.AuditLog;
import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * What one instance does to a key is known to another within a second. The other instance has what
 * makes it one: a memory, a watch and connections of its own, on the same database.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.MOCK)
@Import(TestDatabase.class)
class RevocationIntegrationTests {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int ROUNDS = 15;
  private static final long PAUSE_NANOS = 2_000_000;

  @Autowired DataSource dataSource;
  @Autowired TenantRegistry registry;
  @Autowired TenantTransactions transactions;
  @Autowired PlatformTransactionManager transactionManager;
  @Autowired JdbcClient jdbc;
  @Autowired KeyRows rows;
  @Autowired KeyHasher hasher;
  @Autowired AuditLog audit;
  @Autowired Clock clock;
  @Autowired ApiKeyService here;

  private final UUID tenant = UUID.randomUUID();
  private final List<Runnable> closed = new ArrayList<>();

  /** Another instance. */
  private record Instance(RememberedKeys memory, ApiKeyService keys, CredentialChanges changes) {
    boolean isGood(IssuedKey key) {
      return keys.authenticate(key.secret()) instanceof KeyCheck.Valid;
    }
  }

  @BeforeEach
  void setUp() {
    registry.registerTenant(tenant, "T");
  }

  @AfterEach
  void close() {
    closed.forEach(Runnable::run);
  }

  @Test
  void byNotification() {
    assertRevocationsBite(watching(dataSource, true, Duration.ofMinutes(2)));
  }

  @Test
  void byTheCounterAloneWhenNotificationsAreLost() {
    assertRevocationsBite(watching(dataSource, false, Duration.ofMinutes(2)));
  }

  /** The control: with both off, an instance that thinks it knows goes on with a revoked key. */
  @Test
  void withBothOffARevokedKeyGoesOnWorking() {
    Instance deaf = instance(new RememberedKeys(), () -> CredentialChanges.Knowledge.CURRENT);
    Instance watching = watching(dataSource, true, Duration.ofMinutes(2));
    IssuedKey key = here.issue(tenant, workspace(), "k", null);
    assertThat(deaf.isGood(key)).isTrue();
    assertThat(watching.isGood(key)).isTrue();
    here.revoke(tenant, key.id());
    assertThat(within(Duration.ofSeconds(5), () -> !watching.isGood(key))).isTrue();
    assertThat(deaf.isGood(key)).isTrue();
  }

  private void assertRevocationsBite(Instance other) {
    await(() -> other.changes().knowledge() == CredentialChanges.Knowledge.CURRENT);
    assertBites(other, key -> here.revoke(tenant, key.id()));
    assertBites(
        other, key -> change("update api_key set expires_at = now() where id = ?", key.id()));
    assertBites(
        other,
        key ->
            change(
                "update workspace set archived_at = now()"
                    + " where id = (select workspace_id from api_key where id = ?)",
                key.id()));
    assertBites(
        other, _ -> change("update tenant set suspended_at = now() where tenant_id = ?", tenant));
  }

  private void assertBites(Instance other, Consumer<IssuedKey> end) {
    long longestNanos = 0;
    for (int round = 0; round < ROUNDS; round++) {
      change("update tenant set suspended_at = null where tenant_id = ?", tenant);
      IssuedKey key = here.issue(tenant, workspace(), "k", null);
      await(() -> other.isGood(key));
      end.accept(key);
      long ended = System.nanoTime();
      while (other.isGood(key)) {
        assertThat(System.nanoTime() - ended).isLessThan(5 * SECOND.toNanos());
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      longestNanos = Math.max(longestNanos, System.nanoTime() - ended);
    }
    assertThat(Duration.ofNanos(longestNanos)).isLessThan(SECOND);
  }

  /** Only known keys, and only for the grace. */
  @Test
  void knownKeysOutliveAnOutageForTheGraceAndNoLonger() {
    AtomicBoolean down = new AtomicBoolean();
    DataSource fragile = new Fragile(dataSource, down);
    Duration grace = Duration.ofSeconds(3);
    Instance other = watching(fragile, true, grace);
    await(() -> other.changes().knowledge() == CredentialChanges.Knowledge.CURRENT);
    IssuedKey key = here.issue(tenant, workspace(), "k", null);
    assertThat(other.isGood(key)).isTrue();
    down.set(true);
    long from = System.nanoTime();
    await(() -> other.changes().knowledge() == CredentialChanges.Knowledge.CUT_OFF);
    assertThat(other.isGood(key)).isTrue();
    await(() -> other.changes().knowledge() == CredentialChanges.Knowledge.UNCERTAIN);
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isGreaterThan(grace.minusMillis(1_000));
    here.revoke(tenant, key.id());
    down.set(false);
    assertThat(other.isGood(key)).isFalse();
    await(() -> other.changes().knowledge() == CredentialChanges.Knowledge.CURRENT);
  }

  /** Gives no connection while it is down, and none of its own to watch with. */
  private static final class Fragile extends AbstractDataSource {
    private final DataSource inner;
    private final AtomicBoolean down;

    Fragile(DataSource inner, AtomicBoolean down) {
      this.inner = inner;
      this.down = down;
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (down.get()) {
        throw new SQLException("the database is down, on purpose");
      }
      return inner.getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return getConnection();
    }
  }

  private Instance watching(DataSource source, boolean listen, Duration grace) {
    RememberedKeys memory = new RememberedKeys();
    CredentialWatch watch =
        new CredentialWatch(
            source, memory, new RevocationProperties(listen, Duration.ofMillis(300), grace));
    watch.start();
    closed.add(watch::stop);
    return instance(memory, watch);
  }

  private Instance instance(RememberedKeys memory, CredentialChanges changes) {
    LastUses uses = new LastUses(transactions, jdbc);
    closed.add(uses::destroy);
    ApiKeyService keys =
        new ApiKeyService(
            transactions,
            rows,
            new KeyLookup(transactionManager, jdbc),
            hasher,
            memory,
            changes,
            uses,
            audit,
            clock);
    return new Instance(memory, keys, changes);
  }

  private UUID workspace() {
    UUID workspace = UUID.randomUUID();
    registry.registerWorkspace(tenant, workspace, "W");
    return workspace;
  }

  private void change(String sql, UUID id) {
    transactions.runInTenant(tenant, () -> jdbc.sql(sql).param(id).update());
  }

  private static void await(BooleanSupplier condition) {
    assertThat(within(Duration.ofSeconds(20), condition)).isTrue();
  }

  private static boolean within(Duration deadline, BooleanSupplier condition) {
    long end = System.nanoTime() + deadline.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return true;
  }
}

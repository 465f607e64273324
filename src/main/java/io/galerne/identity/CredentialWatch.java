package io.galerne.identity;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Hears of changes to credentials that any instance made. Two ways lead here, each enough by
 * itself: PostgreSQL's notifications, at once, and a counter of changes that is read a few times
 * each second. Both use a connection apart from the pool's, so that a busy pool can't delay a
 * revocation; where none can be had, the pool's will do.
 *
 * <p>A notification names its tenant and the counter's value after it. As long as the values come
 * without gaps only that tenant's keys are forgotten; a value that was not announced forgets all.
 */
@Component
class CredentialWatch implements SmartLifecycle, CredentialChanges {
  private static final Logger log = LoggerFactory.getLogger(CredentialWatch.class);
  private static final String CHANNEL = "galerne_credentials";
  private static final Duration CURRENT_MAX = Duration.ofMillis(900);
  private static final int CONNECT_MILLIS_MAX = 1_000;
  private static final String CONNECT_SECONDS_MAX = "1";
  private static final String ANSWER_SECONDS_MAX = "2";
  private static final long NEVER = -1;

  private final DataSource pool;
  private final RememberedKeys keys;
  private final RevocationProperties properties;

  private volatile long confirmedNanos;
  private volatile boolean confirmedOnce;
  private volatile boolean reachable;
  private final AtomicReference<@Nullable CountDownLatch> stopping = new AtomicReference<>();
  private long epochSeen = NEVER;

  CredentialWatch(DataSource pool, RememberedKeys keys, RevocationProperties properties) {
    this.pool = pool;
    this.keys = keys;
    this.properties = properties;
  }

  @Override
  public Knowledge knowledge() {
    if (!confirmedOnce) {
      return Knowledge.UNCERTAIN;
    }
    long age = System.nanoTime() - confirmedNanos;
    if (age <= CURRENT_MAX.toNanos()) {
      return Knowledge.CURRENT;
    }
    return !reachable && age <= properties.outageGrace().toNanos()
        ? Knowledge.CUT_OFF
        : Knowledge.UNCERTAIN;
  }

  @Override
  public void start() {
    CountDownLatch end = new CountDownLatch(1);
    if (stopping.compareAndSet(null, end)) {
      Thread.ofPlatform().daemon().name("credential-watch").start(() -> watch(end));
    }
  }

  @Override
  public void stop() {
    CountDownLatch end = stopping.getAndSet(null);
    if (end != null) {
      end.countDown();
    }
  }

  /** Until the last answer has ended: requests are still checked while the replica drains. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE;
  }

  @Override
  public boolean isRunning() {
    return stopping.get() != null;
  }

  private void watch(CountDownLatch end) {
    HikariDataSource own = ownConnections();
    try {
      do {
        try (Connection connection = (own == null ? pool : own).getConnection()) {
          if (own == null || !properties.listen()) {
            confirm(connection);
          } else {
            listen(connection, end);
          }
        } catch (SQLException e) {
          askThePool(e);
        }
      } while (!end.await(properties.poll().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (own != null) {
        own.close();
      }
    }
  }

  /** Returns when it is time to stop; a connection that breaks throws. */
  private void listen(Connection connection, CountDownLatch end) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("listen " + CHANNEL);
    }
    PGConnection notifications = connection.unwrap(PGConnection.class);
    while (end.getCount() > 0) {
      confirm(connection);
      int wait = Math.toIntExact(properties.poll().toMillis());
      PGNotification[] arrived = notifications.getNotifications(wait);
      if (arrived != null) {
        for (PGNotification one : arrived) {
          announced(one.getParameter());
        }
      }
    }
  }

  private void announced(String parameter) {
    String[] parts = parameter.split(" ", 2);
    keys.forgetTenant(UUID.fromString(parts[1]));
    if (Long.parseLong(parts[0]) == epochSeen + 1) {
      epochSeen++;
    }
  }

  private void confirm(Connection connection) throws SQLException {
    long asked = System.nanoTime();
    long epoch;
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select epoch from credential_epoch")) {
      row.next();
      epoch = row.getLong(1);
    }
    if (epoch != epochSeen) {
      keys.forgetAll();
      epochSeen = epoch;
    }
    if (!reachable) {
      log.info("hears of changes to credentials");
    }
    reachable = true;
    confirmedNanos = asked;
    confirmedOnce = true;
  }

  /** Having no connection of one's own, for want of slots, must not look like an outage. */
  private void askThePool(SQLException own) {
    try (Connection connection = pool.getConnection()) {
      confirm(connection);
    } catch (SQLException e) {
      if (reachable) {
        log.warn("cannot ask for changes to credentials: {}", own.toString());
      }
      reachable = false;
    }
  }

  /** As the pool's connections, but one, and quick to give up; null where the pool is another. */
  private @Nullable HikariDataSource ownConnections() {
    HikariDataSource template =
        DataSourceUnwrapper.unwrap(pool, HikariConfigMXBean.class, HikariDataSource.class);
    if (template == null) {
      return null;
    }
    HikariConfig config = new HikariConfig();
    config.setPoolName("credential-watch");
    config.setJdbcUrl(template.getJdbcUrl());
    config.setUsername(template.getUsername());
    config.setPassword(template.getPassword());
    config.setConnectionInitSql(template.getConnectionInitSql());
    config.setMaximumPoolSize(1);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECT_MILLIS_MAX);
    config.setInitializationFailTimeout(-1);
    template
        .getDataSourceProperties()
        .forEach((name, value) -> config.addDataSourceProperty(name.toString(), value));
    config.addDataSourceProperty("connectTimeout", CONNECT_SECONDS_MAX);
    config.addDataSourceProperty("socketTimeout", ANSWER_SECONDS_MAX);
    return new HikariDataSource(config);
  }
}

package io.galerne.identity;

import io.galerne.database.DataDirectory;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Gives the platform's operator a key: the one that is configured, or, for a platform without any,
 * one that it makes at the start and leaves in {@code data/operator-key}; only the one of several
 * instances that is first does so.
 */
@Component
class OperatorKeys implements ApplicationRunner {
  static final String KEY_FILE = "operator-key";
  private static final Logger log = LoggerFactory.getLogger(OperatorKeys.class);

  private final JdbcClient jdbc;
  private final KeyHasher hasher;
  private final DataDirectory data;
  private final Clock clock;
  private final @Nullable String configured;

  @Autowired
  OperatorKeys(
      JdbcClient jdbc,
      KeyHasher hasher,
      DataDirectory data,
      Clock clock,
      IdentityProperties properties) {
    this(jdbc, hasher, data, clock, properties.operatorKey());
  }

  OperatorKeys(
      JdbcClient jdbc,
      KeyHasher hasher,
      DataDirectory data,
      Clock clock,
      @Nullable String configured) {
    this.jdbc = jdbc;
    this.hasher = hasher;
    this.data = data;
    this.clock = clock;
    this.configured = configured;
  }

  @Override
  public void run(ApplicationArguments args) {
    if (configured == null) {
      makeOneIfThereIsNone();
    } else if (KeyFormat.OPERATOR.isWellFormed(configured)) {
      add(configured, "Configured operator key", "true");
    } else {
      throw new IllegalStateException(
          "galerne.identity.operator-key is mistyped: its checksum is wrong. `java -jar galerne.jar"
              + " operator-key` makes a new one");
    }
  }

  private void makeOneIfThereIsNone() {
    String secret = KeyFormat.OPERATOR.newKey(new SecureRandom());
    String first = "not exists (select from operator_key where revoked_at is null)";
    if (add(secret, "First operator key", first)) {
      data.writeSecret(KEY_FILE, secret);
      log.info(
          "wrote the operator's key {} to {}",
          KeyFormat.OPERATOR.display(secret),
          data.file(KEY_FILE));
    }
  }

  /** Leaves a key that is there as it is, revoked or not. */
  private boolean add(String secret, String name, String condition) {
    return jdbc.sql(
                """
                insert into operator_key (id, name, display, key_hash, created_at)
                select ?, ?, ?, ?, ? where %s
                on conflict (key_hash) do nothing
                """
                    .formatted(condition))
            .params(
                UUID.randomUUID(),
                name,
                KeyFormat.OPERATOR.display(secret),
                hasher.hash(secret),
                Timestamp.from(clock.instant()))
            .update()
        > 0;
  }
}

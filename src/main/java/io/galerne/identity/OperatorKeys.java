package io.galerne.identity;

import io.galerne.database.DataDirectory;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Gives the platform's operator a key. A platform without one makes it at the start and leaves it
 * in {@code data/operator-key}; only the one of several instances that is first does so.
 */
@Component
class OperatorKeys implements ApplicationRunner {
  static final String KEY_FILE = "operator-key";
  private static final Logger log = LoggerFactory.getLogger(OperatorKeys.class);

  private final JdbcClient jdbc;
  private final KeyHasher hasher;
  private final DataDirectory data;
  private final Clock clock;

  OperatorKeys(JdbcClient jdbc, KeyHasher hasher, DataDirectory data, Clock clock) {
    this.jdbc = jdbc;
    this.hasher = hasher;
    this.data = data;
    this.clock = clock;
  }

  @Override
  public void run(ApplicationArguments args) {
    String secret = KeyFormat.OPERATOR.newKey(new SecureRandom());
    int added =
        jdbc.sql(
                """
                insert into operator_key (id, name, display, key_hash, created_at)
                select ?, 'First operator key', ?, ?, ?
                where not exists (select from operator_key where revoked_at is null)
                """)
            .params(
                UUID.randomUUID(),
                KeyFormat.OPERATOR.display(secret),
                hasher.hash(secret),
                Timestamp.from(clock.instant()))
            .update();
    if (added > 0) {
      data.writeSecret(KEY_FILE, secret);
      log.info(
          "wrote the operator's key {} to {}",
          KeyFormat.OPERATOR.display(secret),
          data.file(KEY_FILE));
    }
  }
}

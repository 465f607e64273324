package io.galerne.signin;

import io.galerne.identity.DerivedSecrets;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Bounds how often something may be tried, over all instances. An attempt is counted before it is
 * made, so that many at the same moment count as many; one that succeeds is taken back.
 */
@Component
class Attempts {
  private static final int SWEPT_MAX = 100;

  private final JdbcClient jdbc;
  private final DerivedSecrets secrets;
  private final SignInProperties properties;
  private final Clock clock;

  Attempts(JdbcClient jdbc, DerivedSecrets secrets, SignInProperties properties, Clock clock) {
    this.jdbc = jdbc;
    this.secrets = secrets;
    this.properties = properties;
    this.clock = clock;
  }

  private record Counted(int attempts, Timestamp until) {}

  /** Counts an attempt for an account from an address; how long to wait if it is one too many. */
  Optional<Duration> count(String account, String address) {
    sweep();
    Optional<Duration> wait = count(name("address", address), properties.attemptsPerAddress());
    return wait.isPresent()
        ? wait
        : count(name("account", account), properties.attemptsPerAccount());
  }

  private Optional<Duration> count(String name, int most) {
    Instant now = clock.instant();
    Counted counted =
        jdbc.sql(
                """
                insert into sign_in_attempt as a (name, attempts, until) values (:name, 1, :until)
                on conflict (name) do update set
                  attempts = case when a.until <= :now then 1 else least(a.attempts, 1000000) + 1 end,
                  until = case when a.until <= :now then :until else a.until end
                returning attempts, until
                """)
            .param("name", name)
            .param("now", Timestamp.from(now))
            .param("until", Timestamp.from(now.plus(properties.attemptsWindow())))
            .query(Counted.class)
            .single();
    return counted.attempts() > most
        ? Optional.of(Duration.between(now, counted.until().toInstant()))
        : Optional.empty();
  }

  /** The attempt succeeded: earlier ones for the account are forgotten. */
  void succeeded(String account, String address) {
    jdbc.sql("delete from sign_in_attempt where name = ?").param(name("account", account)).update();
    jdbc.sql("update sign_in_attempt set attempts = attempts - 1 where name = ? and attempts > 0")
        .param(name("address", address))
        .update();
  }

  private void sweep() {
    jdbc.sql(
            """
            delete from sign_in_attempt where name in
              (select name from sign_in_attempt where until <= ? limit ? for update skip locked)
            """)
        .params(Timestamp.from(clock.instant()), SWEPT_MAX)
        .update();
  }

  private String name(String kind, String value) {
    return secrets.deriveHex("sign-in attempts", kind + "\n" + value);
  }
}

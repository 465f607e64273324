package io.galerne.identity;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How instances hear that a key is no longer good.
 *
 * @param listen whether to be notified by PostgreSQL; without, only the poll finds changes
 * @param poll how often the counter of changes is read
 * @param outageGrace for how long known keys go on working when the database can't be reached
 */
@ConfigurationProperties("galerne.identity.revocation")
record RevocationProperties(
    @DefaultValue("true") boolean listen,
    @DefaultValue("300ms") Duration poll,
    @DefaultValue("2m") Duration outageGrace) {
  private static final Duration POLL_MAX = Duration.ofMillis(500);

  RevocationProperties {
    if (poll.isNegative() || poll.isZero() || poll.compareTo(POLL_MAX) > 0) {
      throw new IllegalArgumentException(
          "galerne.identity.revocation.poll must be above 0 and at most "
              + POLL_MAX.toMillis()
              + " ms, so that a revocation works within a second");
    }
  }
}

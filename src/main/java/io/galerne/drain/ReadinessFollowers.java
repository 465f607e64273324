package io.galerne.drain;

import java.time.Duration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.application.ReadinessStateHealthIndicator;

/**
 * Readiness, and whether anybody follows it: a load balancer asks again and again, a person or a
 * script that waits for the start stops asking once it is there.
 */
final class ReadinessFollowers extends ReadinessStateHealthIndicator {
  private static final Duration FOLLOWS = Duration.ofSeconds(60);

  private long lastNanos;
  private long beforeNanos;
  private int asked;

  ReadinessFollowers(ApplicationAvailability availability) {
    super(availability);
  }

  @Override
  protected AvailabilityState getState(ApplicationAvailability availability) {
    AvailabilityState state = super.getState(availability);
    if (state == ReadinessState.ACCEPTING_TRAFFIC) {
      asked(System.nanoTime());
    }
    return state;
  }

  private synchronized void asked(long nowNanos) {
    beforeNanos = lastNanos;
    lastNanos = nowNanos;
    asked = Math.min(asked + 1, 2);
  }

  /** Whether somebody was told twice within the last minute that this replica is ready. */
  synchronized boolean exist() {
    return asked == 2 && System.nanoTime() - beforeNanos < FOLLOWS.toNanos();
  }
}

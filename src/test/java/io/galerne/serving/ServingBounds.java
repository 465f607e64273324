package io.galerne.serving;

import java.time.Duration;

/** Bounds for tests. */
public final class ServingBounds {
  private ServingBounds() {}

  /** Two compilations at once, one of a tenant, and little patience. */
  public static ServingProperties of(Duration requestTimeMax, Duration heartbeat) {
    return new ServingProperties(requestTimeMax, heartbeat, 2, 1, Duration.ofMillis(100), 8, 2);
  }

  /** The same, with patience for longer than a test takes. */
  static ServingProperties patient() {
    return new ServingProperties(
        Duration.ofMinutes(1), Duration.ofMillis(20), 2, 1, Duration.ofMinutes(1), 8, 2);
  }
}

package io.galerne.serving;

import java.time.Duration;

/** Bounds for tests. */
public final class ServingBounds {
  private ServingBounds() {}

  /** Two compilations at once, one of a tenant, and little patience. */
  public static ServingProperties of(Duration requestTimeMax, Duration heartbeat) {
    return new ServingProperties(requestTimeMax, heartbeat, 2, 1, Duration.ofMillis(100), 8, 2);
  }
}

package io.galerne.replay;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One replay at a time, in the order in which they were asked for; of a tenant one that runs or
 * waits, so that nobody fills the queue.
 */
final class ReplayTurns {
  private final Semaphore turn = new Semaphore(1, true);
  private final Set<UUID> tenants = ConcurrentHashMap.newKeySet();

  /** A tenant's turn, until it is closed. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /** Empty at once if the tenant has one already, else after having waited. */
  Optional<Turn> take(UUID tenantId, Duration waitMax) throws InterruptedException {
    if (!tenants.add(tenantId)) {
      return Optional.empty();
    }
    boolean taken = false;
    try {
      taken = turn.tryAcquire(waitMax.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      if (!taken) {
        tenants.remove(tenantId);
      }
    }
    return taken ? Optional.of(() -> end(tenantId)) : Optional.empty();
  }

  private void end(UUID tenantId) {
    tenants.remove(tenantId);
    turn.release();
  }
}

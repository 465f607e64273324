package io.galerne.serving;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets so many formats of answers be compiled at once, and fewer of one tenant: a tenant whose
 * schemas are hard to compile waits for itself, and others find a place. How many wait is bounded
 * in the same two ways. Fields are guarded by {@code lock}.
 */
final class CompilationTurns {
  private final Bounds bounds;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition freed = lock.newCondition();
  private final Map<UUID, Integer> turnsByTenant = new HashMap<>();
  private final Map<UUID, Integer> waitingByTenant = new HashMap<>();
  private int turns;
  private int waiting;

  CompilationTurns(Bounds bounds) {
    this.bounds = bounds;
  }

  /**
   * @param max turns at once
   * @param perTenantMax of them for one tenant
   * @param waitMax how long a request waits for its turn
   * @param waitingMax requests that wait
   * @param waitingPerTenantMax of them of one tenant
   */
  record Bounds(
      int max, int perTenantMax, Duration waitMax, int waitingMax, int waitingPerTenantMax) {
    static Bounds of(ServingProperties properties) {
      return new Bounds(
          properties.compilationsMax(),
          properties.compilationsPerTenantMax(),
          properties.compilationWait(),
          properties.compilationsWaitingMax(),
          properties.compilationsWaitingPerTenantMax());
    }
  }

  /** What came of asking for a turn. */
  enum Turn {
    /** It must be given back with {@link #end}. */
    TAKEN,
    /** All places stayed taken for too long. */
    BUSY,
    /** The tenant's own places stayed taken for too long. */
    TENANT_BUSY,
    /** Too many wait already. */
    QUEUE_FULL,
    /** Too many of the tenant's own wait already. */
    TENANT_QUEUE_FULL
  }

  /** Waits for a turn, within the bounds. */
  Turn begin(UUID tenant) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      return mayBegin(tenant) ? take(tenant) : await(tenant);
    } finally {
      lock.unlock();
    }
  }

  private Turn await(UUID tenant) throws InterruptedException {
    if (count(waitingByTenant, tenant) >= bounds.waitingPerTenantMax()) {
      return Turn.TENANT_QUEUE_FULL;
    }
    if (waiting >= bounds.waitingMax()) {
      return Turn.QUEUE_FULL;
    }
    waiting++;
    waitingByTenant.merge(tenant, 1, Integer::sum);
    try {
      long nanos = bounds.waitMax().toNanos();
      while (!mayBegin(tenant)) {
        if (nanos <= 0) {
          return tenantIsBusy(tenant) ? Turn.TENANT_BUSY : Turn.BUSY;
        }
        nanos = freed.awaitNanos(nanos);
      }
      return take(tenant);
    } finally {
      waiting--;
      less(waitingByTenant, tenant);
    }
  }

  private boolean mayBegin(UUID tenant) {
    return turns < bounds.max() && !tenantIsBusy(tenant);
  }

  private boolean tenantIsBusy(UUID tenant) {
    return count(turnsByTenant, tenant) >= bounds.perTenantMax();
  }

  private Turn take(UUID tenant) {
    turns++;
    turnsByTenant.merge(tenant, 1, Integer::sum);
    return Turn.TAKEN;
  }

  /** Gives a turn back. */
  void end(UUID tenant) {
    lock.lock();
    try {
      turns--;
      less(turnsByTenant, tenant);
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Requests that wait for a turn. */
  int waiting() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  private static int count(Map<UUID, Integer> counts, UUID tenant) {
    return counts.getOrDefault(tenant, 0);
  }

  private static void less(Map<UUID, Integer> counts, UUID tenant) {
    counts.computeIfPresent(tenant, (_, count) -> count == 1 ? null : count - 1);
  }
}

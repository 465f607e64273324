package io.galerne.serving;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets so many formats of answers be compiled at once, and fewer of one tenant: a tenant whose
 * schemas are hard to compile waits for itself, and others find a place. Fields are guarded by
 * {@code lock}.
 */
final class CompilationTurns {
  private final int turnsMax;
  private final int turnsPerTenantMax;
  private final long waitNanosMax;

  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition freed = lock.newCondition();
  private final Map<UUID, Integer> turnsByTenant = new HashMap<>();
  private int turns;

  CompilationTurns(int turnsMax, int turnsPerTenantMax, Duration waitMax) {
    this.turnsMax = turnsMax;
    this.turnsPerTenantMax = turnsPerTenantMax;
    this.waitNanosMax = waitMax.toNanos();
  }

  /** What came of asking for a turn. */
  enum Turn {
    /** It must be given back with {@link #end}. */
    TAKEN,
    /** All places stayed taken for too long. */
    BUSY,
    /** The tenant's own places stayed taken for too long. */
    TENANT_BUSY
  }

  /** Waits for a turn, within the bound. */
  Turn begin(UUID tenant) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = waitNanosMax;
      while (turns == turnsMax || turnsOf(tenant) >= turnsPerTenantMax) {
        if (nanos <= 0) {
          return turnsOf(tenant) >= turnsPerTenantMax ? Turn.TENANT_BUSY : Turn.BUSY;
        }
        nanos = freed.awaitNanos(nanos);
      }
      turns++;
      turnsByTenant.merge(tenant, 1, Integer::sum);
      return Turn.TAKEN;
    } finally {
      lock.unlock();
    }
  }

  /** Gives a turn back. */
  void end(UUID tenant) {
    lock.lock();
    try {
      turns--;
      turnsByTenant.computeIfPresent(tenant, (_, held) -> held == 1 ? null : held - 1);
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private int turnsOf(UUID tenant) {
    return turnsByTenant.getOrDefault(tenant, 0);
  }
}

package io.galerne.engine.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of platform threads that share out the work of one phase after another. The caller
 * works too. A phase takes microseconds, so threads that wait for the next one spin briefly before
 * they park: a hand-off through a queue would cost more than the work.
 *
 * <p>{@link #run} is for one caller thread at a time.
 */
public final class ComputePool implements AutoCloseable {
  /** How long an idle worker spins before it parks. */
  private static final long SPIN_NANOS = 50_000;

  private static final int SPINS_BETWEEN_CLOCK_READS = 64;

  /** A part of a phase. */
  @FunctionalInterface
  public interface Task {
    /**
     * Works on units {@code [from, to)}.
     *
     * @param worker which thread works: from 0 to {@link ComputePool#threads()} - 1
     */
    void run(int from, int to, int worker);
  }

  private static final class Phase {
    final Task task;
    final int units;
    final int grain;
    final AtomicInteger next = new AtomicInteger();
    final AtomicInteger done = new AtomicInteger();
    final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Phase(Task task, int units, int grain) {
      this.task = task;
      this.units = units;
      this.grain = grain;
    }

    /** Takes chunks until none is left. A failed chunk counts as done, or the caller would hang. */
    void work(int worker) {
      for (int from = next.getAndAdd(grain); from < units; from = next.getAndAdd(grain)) {
        int to = Math.min(from + grain, units);
        try {
          task.run(from, to, worker);
        } catch (RuntimeException | Error e) {
          failure.compareAndSet(null, e);
        }
        done.addAndGet(to - from);
      }
    }
  }

  private final Worker[] workers;
  private volatile @Nullable Phase current;
  private volatile boolean closed;

  /**
   * @param threads threads that work on a phase, the caller's included; at least 1
   */
  public ComputePool(int threads) {
    this.workers = new Worker[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(i + 1);
      workers[i].start();
    }
  }

  public int threads() {
    return workers.length + 1;
  }

  /**
   * Runs a task over {@code units} and returns when all are done. What a task throws on any of the
   * threads is thrown here once the others are done.
   *
   * @param grain units that a thread takes at once
   */
  public void run(int units, int grain, Task task) {
    if (units <= grain || workers.length == 0) {
      if (units > 0) {
        task.run(0, units, 0);
      }
      return;
    }
    var phase = new Phase(task, units, grain);
    current = phase;
    for (Worker worker : workers) {
      worker.wake();
    }
    phase.work(0);
    while (phase.done.get() < units) {
      Thread.onSpinWait();
    }
    Throwable failure = phase.failure.get();
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Worker worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  private final class Worker extends Thread {
    private final int index;
    private volatile boolean parked;

    Worker(int index) {
      super("galerne-compute-" + index);
      this.index = index;
      setDaemon(true);
    }

    void wake() {
      if (parked) {
        LockSupport.unpark(this);
      }
    }

    @Override
    public void run() {
      Phase seen = null;
      while (!closed) {
        Phase phase = await(seen);
        if (phase != null) {
          phase.work(index);
        }
        seen = phase;
      }
    }

    /** The next phase after {@code seen}, or the same one when the pool was closed. */
    private @Nullable Phase await(@Nullable Phase seen) {
      long deadline = System.nanoTime() + SPIN_NANOS;
      for (int spins = 1; current == seen && !closed; spins++) {
        if (spins % SPINS_BETWEEN_CLOCK_READS != 0 || System.nanoTime() < deadline) {
          Thread.onSpinWait();
          continue;
        }
        // Whoever publishes a phase reads the flag after it, so one of the two sees the other.
        parked = true;
        while (current == seen && !closed) {
          LockSupport.park(ComputePool.this);
        }
        parked = false;
      }
      return current;
    }
  }
}

package io.galerne.engine.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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

  /** In place of the next unit while no phase is in progress. */
  private static final int CLOSED = Integer.MAX_VALUE;

  /**
   * The number of a phase in the upper half, and in the lower one the next unit that nobody took.
   * Who takes units swaps all of it, so that nobody who comes late takes one of another phase.
   */
  private final AtomicLong next = new AtomicLong(CLOSED);

  private final AtomicInteger done = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  // Of the phase in progress; written only while none is. A step has hundreds of phases: an object
  // for each would be most of its garbage.
  private Task task = (from, to, worker) -> {};
  private int units;
  private int grain;

  private final Worker[] workers;
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
    open(units, grain, task);
    for (Worker worker : workers) {
      worker.wake();
    }
    work(0);
    while (done.get() < units) {
      Thread.onSpinWait();
    }
    Throwable failure = this.failure.getAndSet(null);
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private void open(int units, int grain, Task task) {
    long phase = ((next.get() >>> Integer.SIZE) + 1) << Integer.SIZE;
    // Reads what those wrote who took units of the last phase: they are done with its fields.
    next.getAndSet(phase | CLOSED);
    this.task = task;
    this.units = units;
    this.grain = grain;
    done.set(0);
    next.set(phase);
  }

  /** Whether units are left of a phase in progress. */
  private boolean hasWork() {
    return (int) next.get() < units;
  }

  /** Takes chunks until none is left. A failed chunk counts as done, or the caller would hang. */
  private void work(int worker) {
    long ticket = next.get();
    for (int from = (int) ticket; from < units; from = (int) ticket) {
      int to = from + Math.min(grain, units - from);
      Task task = this.task;
      long witness = next.compareAndExchange(ticket, ticket - from + to);
      if (witness != ticket) {
        ticket = witness;
        continue;
      }
      try {
        task.run(from, to, worker);
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      }
      done.addAndGet(to - from);
      ticket = next.get();
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
      while (!closed) {
        await();
        work(index);
      }
    }

    /** Until there is work, or the pool is closed. */
    private void await() {
      long deadline = System.nanoTime() + SPIN_NANOS;
      for (int spins = 1; !hasWork() && !closed; spins++) {
        if (spins % SPINS_BETWEEN_CLOCK_READS != 0 || System.nanoTime() < deadline) {
          Thread.onSpinWait();
          continue;
        }
        // Whoever opens a phase reads the flag after it, so one of the two sees the other.
        parked = true;
        while (!hasWork() && !closed) {
          LockSupport.park(ComputePool.this);
        }
        parked = false;
      }
    }
  }
}

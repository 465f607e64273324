package io.galerne.embedding;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Work for a thread of the pool, in its turn: by when it is due, then by arrival. */
final class TurnTask<T extends @Nullable Object> extends FutureTask<T>
    implements Comparable<TurnTask<?>> {
  private static final AtomicLong ARRIVALS = new AtomicLong();

  private final long dueNanos;
  private final long arrival = ARRIVALS.getAndIncrement();

  TurnTask(Callable<T> work, Urgency urgency) {
    super(work);
    this.dueNanos = System.nanoTime() + urgency.patienceNanos;
  }

  /** On the clock of {@link System#nanoTime}, whose values may only be subtracted. */
  @Override
  public int compareTo(TurnTask<?> other) {
    int byTime = Long.signum(dueNanos - other.dueNanos);
    return byTime != 0 ? byTime : Long.compare(arrival, other.arrival);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}

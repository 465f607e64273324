package io.galerne.api;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How much of large bodies is in the heap at once while they are read and parsed. What has arrived
 * counts, not what was announced, so that a slow client holds little; small bodies don't count at
 * all.
 */
final class BodyBudget {
  /** As much of each body is free. */
  private static final int FREE_BYTES = 32 << 10;

  private static final int UNIT_BYTES = 8 << 10;

  /** A tree takes up to some thirty times its text. */
  private static final int HEAP_PART = 64;

  private static final long WAIT_MILLIS = 2_000;
  private static final int RETRY_AFTER_SECONDS = 2;

  private final int all;
  private final Semaphore units;

  BodyBudget(long heapBytes, int bodyMaxBytes) {
    all = units(Math.max(heapBytes / HEAP_PART, bodyMaxBytes));
    units = new Semaphore(all, true);
  }

  private static int units(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(bytes, UNIT_BYTES));
  }

  /** One body's part; given back when it is closed. */
  final class Share implements AutoCloseable {
    private int held;

    /**
     * The body has so many bytes now.
     *
     * @throws ApiException if others hold all there is
     */
    void grow(int bytes) {
      // one that is larger than all there is takes all there is
      int wanted = Math.min(all, units(Math.max(0, bytes - FREE_BYTES))) - held;
      if (wanted <= 0) {
        return;
      }
      try {
        if (!units.tryAcquire(wanted, WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
          throw full();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw full();
      }
      held += wanted;
    }

    @Override
    public void close() {
      units.release(held);
      held = 0;
    }
  }

  Share share() {
    return new Share();
  }

  private static ApiException full() {
    return ApiException.unavailable(
        new ErrorEnvelope("Too many large requests are being read", "capacity_exceeded"),
        RETRY_AFTER_SECONDS);
  }
}

package io.galerne.embedding;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A request's place in the pool, until it is closed. For one thread. */
public final class EmbeddingJob implements AutoCloseable {
  private final EmbeddingPool pool;
  private final Urgency urgency;
  private final long startedNanos = System.nanoTime();
  private final long nanosMax;
  private boolean closed;

  EmbeddingJob(EmbeddingPool pool, Duration timeMax, Urgency urgency) {
    this.pool = pool;
    this.urgency = urgency;
    nanosMax = timeMax.toNanos();
  }

  /**
   * Loads the model if nobody has, and waits for it.
   *
   * @throws TimeoutException if the request's time ran out
   * @throws EmbeddingException if it can't be loaded
   */
  public EmbeddingModel model() throws InterruptedException, TimeoutException {
    return pool.model(nanosLeft());
  }

  /**
   * Waits for a turn and computes one text.
   *
   * @return (dimensions), of length 1
   * @throws TimeoutException if the request's time ran out
   * @throws EmbeddingException if the model failed
   */
  public float[] vector(int[] tokens) throws InterruptedException, TimeoutException {
    EmbeddingModel model = model();
    return pool.compute(() -> model.vector(tokens), urgency, nanosLeft());
  }

  private long nanosLeft() throws TimeoutException {
    long left = nanosMax - (System.nanoTime() - startedNanos);
    if (left <= 0) {
      throw new TimeoutException();
    }
    return left;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      pool.giveBack(urgency);
    }
  }
}

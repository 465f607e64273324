package io.galerne.embedding;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that compute vectors, and the model they share. Each request has at most one text
 * waiting, so requests take turns text by text: a long list delays a short one by little, and
 * requests that nobody waits for let the others go first. The model is loaded for the first
 * request, and again for a later one if that failed.
 */
public final class EmbeddingPool implements AutoCloseable {
  private final Supplier<EmbeddingModel> loader;
  private final int requestsMax;
  private final Map<Urgency, Semaphore> places = new EnumMap<>(Urgency.class);
  private final ThreadPoolExecutor threads;
  private final AtomicReference<@Nullable FutureTask<EmbeddingModel>> model =
      new AtomicReference<>();

  /**
   * @param threadsMax texts that are computed at once
   * @param requestsMax requests of each urgency that are computed or wait
   */
  public EmbeddingPool(Supplier<EmbeddingModel> loader, int threadsMax, int requestsMax) {
    this.loader = loader;
    this.requestsMax = requestsMax;
    for (Urgency urgency : Urgency.values()) {
      places.put(urgency, new Semaphore(requestsMax));
    }
    threads =
        new ThreadPoolExecutor(
            threadsMax,
            threadsMax,
            0,
            TimeUnit.SECONDS,
            // bounded by the places: a text of each request, and the loading of the model
            new PriorityBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("embedding-", 0).factory());
  }

  /** What became of the wish to use the pool. */
  public sealed interface Turn {
    /** The job must be closed. */
    record Taken(EmbeddingJob job) implements Turn {}

    record Full(int requestsMax) implements Turn {}

    record Closed() implements Turn {}
  }

  /**
   * Takes a place for a request that somebody waits for.
   *
   * @param timeMax for all of the request's work
   */
  public Turn take(Duration timeMax) {
    return take(timeMax, Urgency.NOW);
  }

  /** As {@link #take(Duration)}, for a request of some urgency. */
  public Turn take(Duration timeMax, Urgency urgency) {
    if (threads.isShutdown()) {
      return new Turn.Closed();
    }
    if (!placesOf(urgency).tryAcquire()) {
      return new Turn.Full(requestsMax);
    }
    return new Turn.Taken(new EmbeddingJob(this, timeMax, urgency));
  }

  /** Texts that wait for a thread. */
  public int queued() {
    return threads.getQueue().size();
  }

  private Semaphore placesOf(Urgency urgency) {
    return Objects.requireNonNull(places.get(urgency));
  }

  void giveBack(Urgency urgency) {
    placesOf(urgency).release();
  }

  /** The model, as soon as it is loaded. */
  EmbeddingModel model(long nanosMax) throws InterruptedException, TimeoutException {
    FutureTask<EmbeddingModel> loading = loading();
    try {
      return await(loading, nanosMax);
    } catch (EmbeddingException e) {
      model.compareAndSet(loading, null);
      throw e;
    }
  }

  private FutureTask<EmbeddingModel> loading() {
    TurnTask<EmbeddingModel> mine = new TurnTask<>(loader::get, Urgency.NOW);
    FutureTask<EmbeddingModel> others = model.compareAndExchange(null, mine);
    if (others != null) {
      return others;
    }
    start(mine);
    return mine;
  }

  /** Computes on a thread of the pool. */
  <T> T compute(Callable<T> work, Urgency urgency, long nanosMax)
      throws InterruptedException, TimeoutException {
    TurnTask<T> task = new TurnTask<>(work, urgency);
    start(task);
    try {
      return await(task, nanosMax);
    } finally {
      // a text that nobody waits for any more gives its place in the queue to another
      if (!task.isDone()) {
        task.cancel(false);
        threads.remove(task);
      }
    }
  }

  private void start(TurnTask<?> task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      throw new EmbeddingException("the pool is closed", e);
    }
  }

  private static <T> T await(FutureTask<T> task, long nanosMax)
      throws InterruptedException, TimeoutException {
    try {
      return task.get(nanosMax, TimeUnit.NANOSECONDS);
    } catch (CancellationException e) {
      throw new EmbeddingException("the pool is closed", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof EmbeddingException known) {
        throw new EmbeddingException(String.valueOf(known.getMessage()), known);
      }
      throw new EmbeddingException("the embedding model failed", e);
    }
  }

  /** Ends the threads; requests in progress fail. */
  @Override
  public void close() {
    threads.shutdownNow().forEach(EmbeddingPool::cancel);
    try {
      // a text takes a fraction of a second; the model must not be freed under it
      if (threads.awaitTermination(30, TimeUnit.SECONDS)) {
        closeModel();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void cancel(Runnable waiting) {
    if (waiting instanceof FutureTask<?> task) {
      task.cancel(false);
    }
  }

  private void closeModel() {
    FutureTask<EmbeddingModel> loaded = model.get();
    if (loaded != null && loaded.state() == Future.State.SUCCESS) {
      loaded.resultNow().close();
    }
  }
}

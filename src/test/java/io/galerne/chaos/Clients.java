package io.galerne.chaos;

import io.galerne.chaos.ChatClient.Seen;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;

/** Many clients at once, and all that they saw. */
final class Clients implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());
  private final List<Future<?>> running = new ArrayList<>();
  private final Semaphore places;

  /**
   * @param max at once
   */
  Clients(int max) {
    places = new Semaphore(max);
  }

  /** Starts so many clients together. */
  void start(int count, IntFunction<Seen> client) {
    CountDownLatch together = new CountDownLatch(1);
    for (int i = 0; i < count; i++) {
      int number = i;
      running.add(
          threads.submit(
              () -> {
                together.await();
                places.acquire();
                try {
                  seen.add(client.apply(number));
                } finally {
                  places.release();
                }
                return null;
              }));
    }
    together.countDown();
  }

  /** Waits for those that were started. */
  void await() throws InterruptedException, ExecutionException {
    for (Future<?> client : running) {
      client.get();
    }
    running.clear();
  }

  List<Seen> seen() {
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    threads.close();
  }
}

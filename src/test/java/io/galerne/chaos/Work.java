package io.galerne.chaos;

import io.galerne.chaos.ChatClient.Seen;
import io.galerne.chaos.RollingRun.Asked;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Clients that ask one thing after the other until there is nothing more to ask. */
final class Work implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Seen> seen;
  private final List<Seen> failures;

  /**
   * @param seen takes every answer
   * @param failures takes those that are not as they should be
   */
  Work(List<Seen> seen, List<Seen> failures) {
    this.seen = seen;
    this.failures = failures;
  }

  void start(int clients, Supplier<@Nullable Asked> next) {
    for (int i = 0; i < clients; i++) {
      threads.execute(
          () -> {
            for (Asked asked = next.get(); asked != null; asked = next.get()) {
              note(asked);
            }
          });
    }
  }

  private void note(Asked asked) {
    synchronized (failures) {
      seen.add(asked.seen());
      if (!asked.good()) {
        failures.add(asked.seen());
      }
    }
  }

  /** Waits for all of them. */
  @Override
  public void close() {
    threads.close();
  }
}

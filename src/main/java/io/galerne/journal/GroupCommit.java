package io.galerne.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that does the work of many at once: what arrives while it is busy makes up its next
 * round. So the cost of a commit is shared by all that wait for it (DeWitt et al., 1984).
 *
 * <p>The queue is bounded by its users, each of whom has at most one item in it.
 */
public final class GroupCommit<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);
  private static final int ROUND_MAX = 512;

  private final LinkedBlockingQueue<T> waiting = new LinkedBlockingQueue<>();
  private final Consumer<List<T>> round;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param round gets at least one item and handles its own failures
   */
  public GroupCommit(String name, Consumer<List<T>> round) {
    this.round = round;
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  /** Never waits. */
  public void submit(T item) {
    waiting.add(item);
  }

  private void run() {
    List<T> items = new ArrayList<>();
    while (!closed) {
      try {
        items.add(waiting.take());
        waiting.drainTo(items, ROUND_MAX - 1);
        round.accept(items);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        log.error("a round of {} failed", thread.getName(), e);
      }
      items.clear();
    }
  }

  /** Ends the thread after the round at hand. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}

package io.galerne.serving;

import io.galerne.engine.Generation;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.GenerationTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The answers to one request, read as they come. One is read directly; each of several has a
 * virtual thread that carries one event at a time, so that what a slow reader leaves piles up in
 * the answers, which are bounded, and not here. For one reader.
 */
final class Choices implements AutoCloseable {
  private final List<Generation> generations;
  private final List<Thread> carriers = new ArrayList<>();
  private final BlockingQueue<Event> events;

  /**
   * What came of one of the answers.
   *
   * @param choice which one
   */
  record Event(int choice, GenerationEvent event) {}

  /**
   * @param generations at least one
   */
  Choices(List<Generation> generations) {
    this.generations = List.copyOf(generations);
    this.events = new ArrayBlockingQueue<>(generations.size());
  }

  int count() {
    return generations.size();
  }

  /** What comes next, or null when nothing came within the time. */
  @Nullable Event next(Duration timeout) throws InterruptedException {
    if (generations.size() == 1) {
      GenerationEvent event = generations.getFirst().next(timeout);
      return event == null ? null : new Event(0, event);
    }
    if (carriers.isEmpty()) {
      for (int i = 0; i < generations.size(); i++) {
        int choice = i;
        carriers.add(Thread.startVirtualThread(() -> carry(choice)));
      }
    }
    return events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void carry(int choice) {
    try {
      GenerationEvent event;
      do {
        event = generations.get(choice).next();
        events.put(new Event(choice, event));
      } while (!(event instanceof GenerationEvent.Finished));
    } catch (InterruptedException _) {
      // nobody reads any more
    }
  }

  /** Tokens of the prompt that the cache had; the first answer's, the others share its prompt. */
  int cachedPromptTokens() {
    return generations.getFirst().cachedPromptTokens();
  }

  /** When the first answer came how far. */
  GenerationTimes times() {
    return generations.getFirst().times();
  }

  void cancel() {
    generations.forEach(Generation::cancel);
  }

  @Override
  public void close() {
    carriers.forEach(Thread::interrupt);
  }
}

package io.galerne.operations;

import io.galerne.store.TransferListener;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** One addition of weights while it goes on, and how it ended. Read by many threads. */
final class ModelAddition implements TransferListener {
  /** How far it is. */
  enum State {
    RUNNING,
    ADDED,
    REFUSED,
    CANCELLED
  }

  private final String id;
  private final String origin;

  private State state = State.RUNNING;
  private String step = "";
  private String note = "";
  private long done;
  private long total = -1;
  private boolean cancelled;

  ModelAddition(String id, String origin) {
    this.id = id;
    this.origin = origin;
  }

  /**
   * What a page shows.
   *
   * @param done bytes of the step
   * @param total bytes in all; -1 if nobody knows
   * @param message the digest of what was added, or why nothing was
   */
  record Seen(
      String id,
      String origin,
      String state,
      String step,
      long done,
      long total,
      @Nullable String message) {}

  synchronized Seen seen() {
    return new Seen(
        id,
        origin,
        state.name().toLowerCase(Locale.ROOT),
        step,
        done,
        total,
        note.isEmpty() ? null : note);
  }

  synchronized boolean isRunning() {
    return state == State.RUNNING;
  }

  synchronized void cancel() {
    cancelled = true;
  }

  synchronized void ended(State how, String message) {
    state = how;
    note = message;
  }

  @Override
  public synchronized void begin(String name, long before, long bytes) {
    check();
    step = name;
    done = before;
    total = bytes;
  }

  @Override
  public synchronized void advance(long bytes) {
    check();
    done += bytes;
  }

  @Override
  public synchronized void end() {
    // the next step, or the end of all, says more
  }

  @Override
  public synchronized void note(String text) {
    note = text;
  }

  private void check() {
    if (cancelled) {
      throw new CancellationException("cancelled");
    }
  }
}

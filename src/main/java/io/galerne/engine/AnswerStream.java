package io.galerne.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The way from the engine's thread to a reader. The engine never waits for it: text that isn't read
 * piles up, which the answer's own length bounds.
 */
final class AnswerStream implements Generation {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Runnable cancel;

  // guarded by lock
  private final StringBuilder text = new StringBuilder();
  private int tokens;
  private final Deque<GenerationEvent.ToolCall> calls = new ArrayDeque<>();
  private GenerationEvent.@Nullable Finished finished;

  private volatile int cachedPromptTokens;

  AnswerStream(Runnable cancel) {
    this.cancel = cancel;
  }

  void append(String piece, int completedTokens) {
    if (piece.isEmpty() && completedTokens == 0) {
      return;
    }
    lock.lock();
    try {
      text.append(piece);
      tokens += completedTokens;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Text comes before calls. */
  void append(GenerationEvent.ToolCall call) {
    lock.lock();
    try {
      calls.addLast(call);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  void cachedPromptTokens(int tokens) {
    cachedPromptTokens = tokens;
  }

  @Override
  public int cachedPromptTokens() {
    return cachedPromptTokens;
  }

  void finish(GenerationEvent.Finished end) {
    lock.lock();
    try {
      finished = end;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public GenerationEvent next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (isEmpty()) {
        changed.await();
      }
      return take();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable GenerationEvent next(Duration timeout) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = timeout.toNanos();
      while (isEmpty()) {
        if (left <= 0) {
          return null;
        }
        left = changed.awaitNanos(left);
      }
      return take();
    } finally {
      lock.unlock();
    }
  }

  private boolean isEmpty() {
    return text.isEmpty() && calls.isEmpty() && finished == null;
  }

  private GenerationEvent take() {
    GenerationEvent.Finished end = finished;
    if (text.isEmpty() && !calls.isEmpty()) {
      return calls.removeFirst();
    }
    if (text.isEmpty() && end != null) {
      return end;
    }
    var event = new GenerationEvent.Text(text.toString(), tokens);
    text.setLength(0);
    tokens = 0;
    return event;
  }

  @Override
  public void cancel() {
    cancel.run();
  }
}

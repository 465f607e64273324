package io.galerne.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The way from whoever makes an answer to its reader. The maker never waits for it: text that isn't
 * read piles up, which the answer's own length bounds.
 */
public abstract class AnswerBuffer implements Generation {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // guarded by lock
  private final StringBuilder text = new StringBuilder();
  private int tokens;
  private final List<TokenLogprobs> logprobs = new ArrayList<>();
  private final Deque<GenerationEvent.ToolCall> calls = new ArrayDeque<>();
  private GenerationEvent.@Nullable Finished finished;

  private volatile int cachedPromptTokens;
  private volatile long firstAppendNanos;
  private volatile long finishedNanos;

  /**
   * Adds what comes next of the text.
   *
   * @param completedTokens tokens that it completes
   */
  protected final void append(String piece, int completedTokens, List<TokenLogprobs> ofTokens) {
    if (piece.isEmpty() && completedTokens == 0 && ofTokens.isEmpty()) {
      return;
    }
    noteFirst();
    lock.lock();
    try {
      text.append(piece);
      tokens += completedTokens;
      logprobs.addAll(ofTokens);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Adds a call. Text comes before calls. */
  protected final void append(GenerationEvent.ToolCall call) {
    noteFirst();
    lock.lock();
    try {
      calls.addLast(call);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  protected final void cachedPromptTokens(int tokens) {
    cachedPromptTokens = tokens;
  }

  @Override
  public int cachedPromptTokens() {
    return cachedPromptTokens;
  }

  private void noteFirst() {
    if (firstAppendNanos == 0) {
      firstAppendNanos = System.nanoTime();
    }
  }

  /** When the first text was there; 0 until then. */
  protected final long firstAppendNanos() {
    return firstAppendNanos;
  }

  /** When the answer ended; 0 until then. */
  protected final long finishedNanos() {
    return finishedNanos;
  }

  /** Nothing comes after it. */
  protected final void finish(GenerationEvent.Finished end) {
    finishedNanos = System.nanoTime();
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
    boolean hasText = !text.isEmpty() || !logprobs.isEmpty();
    if (!hasText && !calls.isEmpty()) {
      return calls.removeFirst();
    }
    if (!hasText && end != null) {
      return end;
    }
    var event = new GenerationEvent.Text(text.toString(), tokens, logprobs);
    text.setLength(0);
    tokens = 0;
    logprobs.clear();
    return event;
  }
}

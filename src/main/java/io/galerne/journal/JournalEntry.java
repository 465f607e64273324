package io.galerne.journal;

import io.galerne.identity.Caller;
import io.galerne.metering.TokenCounts;
import io.galerne.metering.UsageRecord;
import io.galerne.metering.UsageSource;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The notes of one answer. Its reader delivers, the journal's thread makes durable. */
final class JournalEntry implements Deliveries {
  private final UUID requestId;
  private final Caller caller;
  private final UUID keyLine;
  private final UsageSource source;
  private final int promptTokens;
  private final Instant startedAt;
  private final Consumer<JournalEntry> writer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // guarded by lock
  private int delivered;
  private int cachedPromptTokens;

  /** What is noted; below 0 if not even that anything is delivered at all. */
  private int durable = -1;

  private boolean asked;
  private boolean writing;
  private boolean fenced;
  private boolean closed;

  JournalEntry(
      UUID requestId,
      Caller caller,
      UUID keyLine,
      UsageSource source,
      int promptTokens,
      Instant startedAt,
      Consumer<JournalEntry> writer) {
    this.requestId = requestId;
    this.caller = caller;
    this.keyLine = keyLine;
    this.source = source;
    this.promptTokens = promptTokens;
    this.startedAt = startedAt;
    this.writer = writer;
  }

  /** What the journal writes: an answer as if it ended here. */
  record Note(JournalEntry entry, UUID keyLine, UsageRecord usage) {}

  @Override
  public void before(int tokens) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!fenced && (durable < 0 || delivered + tokens > durable + UNNOTED_MAX)) {
        ask();
        changed.await();
      }
      if (fenced) {
        throw new FencedException();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void delivered(int tokens, int cached) {
    lock.lock();
    try {
      delivered += tokens;
      cachedPromptTokens = cached;
      if (durable == 0 || delivered - durable >= UNNOTED_MAX / 2) {
        ask();
      }
    } finally {
      lock.unlock();
    }
  }

  private void ask() {
    if (!asked && !closed) {
      asked = true;
      writer.accept(this);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      while (writing) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The journal's thread takes what there is to write; null once closed. */
  @Nullable Note begin() {
    lock.lock();
    try {
      asked = false;
      if (closed || fenced) {
        return null;
      }
      writing = true;
      TokenCounts tokens = new TokenCounts(promptTokens, cachedPromptTokens, delivered);
      UsageRecord usage =
          new UsageRecord(
              requestId,
              caller,
              source,
              tokens,
              UsageRecord.Outcome.INTERRUPTED,
              startedAt,
              Instant.now());
      return new Note(this, keyLine, usage);
    } finally {
      lock.unlock();
    }
  }

  /** So many tokens are noted, durably. */
  void written(int tokens) {
    end(tokens, false);
  }

  /** The request was closed by another replica. */
  void fence() {
    end(durable, true);
  }

  /** Nothing could be noted, neither there nor here; whoever waits asks again. */
  void failed() {
    end(durable, false);
  }

  private void end(int tokens, boolean nowFenced) {
    lock.lock();
    try {
      durable = tokens;
      fenced |= nowFenced;
      writing = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

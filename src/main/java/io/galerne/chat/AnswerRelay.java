package io.galerne.chat;

import io.galerne.serving.AnswerPiece;
import io.galerne.serving.AnswerSink;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Hands an answer to its reader and collects it; saves it now and then. For one thread. */
final class AnswerRelay implements AnswerSink {
  private static final Logger log = LoggerFactory.getLogger(AnswerRelay.class);

  /** So long after a reader stopped an answer that has no words yet its place is free again. */
  private static final Duration LOOKS_EVERY = Duration.ofMillis(100);

  private final AnswerReader reader;
  private final Turn turn;
  private final long saveEveryNanos;
  private final Predicate<MessageWords> save;
  private final StringBuilder text = new StringBuilder();
  private long savedAtNanos = System.nanoTime();
  private long heardAtNanos = System.nanoTime();
  private long heartbeatNanos = LOOKS_EVERY.toNanos();
  private volatile boolean stopped;

  /**
   * @param save false if nobody wants more of the answer
   */
  AnswerRelay(AnswerReader reader, Turn turn, Duration saveEvery, Predicate<MessageWords> save) {
    this.reader = reader;
    this.turn = turn;
    this.saveEveryNanos = saveEvery.toNanos();
    this.save = save;
  }

  /** From another thread: no more of it is wanted. */
  void stop() {
    stopped = true;
  }

  MessageWords words() {
    return turn.answer().words().withText(text.toString(), turn.answer().words().toolCalls());
  }

  @Override
  public void open() {
    reader.begin(turn);
  }

  @Override
  public void text(AnswerPiece piece) throws IOException {
    requireWanted();
    text.append(piece.text());
    reader.text(piece.text());
    heardAtNanos = System.nanoTime();
    saveNowAndThen();
  }

  @Override
  public Duration patience(Duration heartbeat) {
    heartbeatNanos = heartbeat.toNanos();
    return heartbeat.compareTo(LOOKS_EVERY) < 0 ? heartbeat : LOOKS_EVERY;
  }

  @Override
  public void idle() throws IOException {
    requireWanted();
    long now = System.nanoTime();
    if (now - heardAtNanos >= heartbeatNanos) {
      heardAtNanos = now;
      reader.idle();
    }
    saveNowAndThen();
  }

  private void requireWanted() throws IOException {
    if (stopped) {
      throw new IOException("its reader stopped the answer");
    }
  }

  private void saveNowAndThen() {
    long now = System.nanoTime();
    if (now - savedAtNanos < saveEveryNanos) {
      return;
    }
    savedAtNanos = now;
    try {
      stopped |= !save.test(words());
    } catch (DataAccessException | TransactionException e) {
      log.warn("an answer is not saved yet, it is tried again: {}", e.toString());
    }
  }
}

package io.galerne.engine.grammar;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a sequence is in a grammar. Immutable, so that sequences may share it. */
public final class GrammarState {
  /** A forced run ends there, so that no answer to one question is large. */
  private static final int LONGEST_RUN = 256;

  private final Grammar grammar;
  private final Cursor cursor;
  private final boolean ended;

  GrammarState(Grammar grammar, Cursor cursor, boolean ended) {
    this.grammar = grammar;
    this.cursor = cursor;
    this.ended = ended;
  }

  Grammar grammar() {
    return grammar;
  }

  Cursor cursor() {
    return cursor;
  }

  boolean hasEnded() {
    return ended;
  }

  GrammarState end() {
    return new GrammarState(grammar, cursor, true);
  }

  /** Whether what was written is a document of the grammar. */
  public boolean isComplete() {
    return cursor.isComplete();
  }

  /** Whether nothing can follow: the sequence has ended, or its document can't go on. */
  public boolean isFinished() {
    return ended || cursor.isFinished();
  }

  /** The state after more text, empty where no document of the grammar begins so. */
  public Optional<GrammarState> advance(byte[] text) {
    Cursor next = ended ? null : step(cursor, text);
    return next == null ? Optional.empty() : Optional.of(new GrammarState(grammar, next, false));
  }

  /** The text that follows, as far as what is proposed leaves no choice; it may be empty. */
  public byte[] forcedText() {
    ByteArrayOutputStream forced = new ByteArrayOutputStream();
    Cursor at = cursor;
    while (!ended && !at.isComplete() && forced.size() < LONGEST_RUN) {
      Cursor only = null;
      int choices = 0;
      int chosen = 0;
      for (int value = 0; value < 256 && choices < 2; value++) {
        Cursor next = at.propose(value);
        if (next != null) {
          only = next;
          chosen = value;
          choices++;
        }
      }
      if (choices != 1 || only == null) {
        break;
      }
      forced.write(chosen);
      at = only;
    }
    return forced.toByteArray();
  }

  private static @Nullable Cursor step(Cursor from, byte[] text) {
    Cursor at = from;
    for (byte value : text) {
      at = at == null ? null : at.step(value & 0xFF);
    }
    return at;
  }
}

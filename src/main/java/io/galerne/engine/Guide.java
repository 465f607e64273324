package io.galerne.engine;

import io.galerne.engine.grammar.GrammarState;
import io.galerne.engine.grammar.TokenMasks;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Holds one answer to its grammar. Where the answer stands is known before the model runs, so a
 * thread beside it may compute the mask; whoever needs it first does.
 */
final class Guide {
  private static final int[] NONE = {};

  private final TokenMasks masks;
  private final Function<byte[], int[]> encode;
  private final long[] allowed;

  // guarded by this
  private GrammarState state;
  private boolean ready;

  /**
   * @param start where the answer begins in its grammar
   * @param encode how the tokenizer spells a text that goes on
   */
  Guide(GrammarState start, TokenMasks masks, Function<byte[], int[]> encode) {
    this.masks = masks;
    this.encode = encode;
    this.state = start;
    this.allowed = new long[masks.vocabulary().maskLength()];
  }

  /** Computes the mask of the next token unless that is done. */
  synchronized void prepare() {
    if (!ready) {
      masks.propose(state, allowed);
      ready = true;
    }
  }

  /** One bit for each token that may come next. Valid until the next token is taken. */
  synchronized long[] allowed() {
    prepare();
    return allowed;
  }

  /**
   * Takes the next token.
   *
   * @return the tokens after it that don't have to be drawn, at most {@code room}; they are taken
   *     too
   * @throws IllegalArgumentException if the token isn't allowed
   */
  synchronized int[] take(int token, int room) {
    state = masks.advance(state, token);
    ready = false;
    return takeForced(room);
  }

  /** As {@link #take}, before the first token. */
  synchronized int[] begin(int room) {
    return takeForced(room);
  }

  private int[] takeForced(int room) {
    if (state.isFinished() || room <= 0) {
      return NONE;
    }
    int[] forced = masks.forcedTokens(state, encode);
    int[] fitting = forced.length <= room ? forced : Arrays.copyOf(forced, room);
    for (int next : fitting) {
      state = masks.advance(state, next);
      ready = false;
    }
    return fitting;
  }

  /** The bytes of a token, as grammars see it. */
  byte[] bytes(int token) {
    return masks.vocabulary().bytes(token);
  }

  /** Whether nothing can follow. */
  synchronized boolean isFinished() {
    return state.isFinished();
  }
}

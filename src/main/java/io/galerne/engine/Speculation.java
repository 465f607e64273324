package io.galerne.engine;

import io.galerne.engine.model.KvCache;
import io.galerne.engine.sampling.TokenHistory;

/**
 * Speculative decoding (Leviathan et al., 2023) by prompt look-up (Saxena, 2023): where the last
 * tokens of an answer stood before, what followed them there is likely to follow again. Those
 * tokens are computed together with the one that is known; each is then drawn as if alone, and the
 * first that isn't the guessed one makes what was computed after it void. A token's logits don't
 * depend on what it is computed with, so the answer is the same to the bit.
 *
 * <p>One answer's own: it guesses more after a good guess, and less and less often after bad ones.
 */
final class Speculation {
  /** How many tokens have to stand alike before the rest is guessed. */
  private static final int ALIKE = 3;

  private static final int FIRST_GUESS = 3;
  private static final int PAUSE_MAX = 32;

  /** Of guessed tokens so many have to be right, or computing them takes longer than it saves. */
  private static final double RIGHT_MIN = 0.6;

  private final int[] drafts = new int[KvCache.BLOCK_TOKENS];
  private int count;
  private int confirmed;
  private int length = FIRST_GUESS;

  /** The share of guessed tokens that were right, the last steps counting most. */
  private double right = 1;

  /** How many chances to guess pass after bad guesses, and how many of them are left. */
  private int pause;

  private int left;

  /**
   * Looks for what may follow the last token.
   *
   * @param most tokens, less than a block
   * @return how many there are
   */
  int guess(TokenHistory history, int most) {
    confirmed = 0;
    count = 0;
    int end = history.length();
    for (int place = end - 1; place >= ALIKE && most > 0; place--) {
      if (isAlike(history, place - ALIKE, end - ALIKE)) {
        if (left > 0) {
          left--;
          return 0;
        }
        count = Math.min(Math.min(most, length), end - place);
        for (int i = 0; i < count; i++) {
          drafts[i] = history.token(place + i);
        }
        break;
      }
    }
    return count;
  }

  private static boolean isAlike(TokenHistory history, int one, int other) {
    for (int i = ALIKE - 1; i >= 0; i--) {
      if (history.token(one + i) != history.token(other + i)) {
        return false;
      }
    }
    return true;
  }

  int draft(int index) {
    return drafts[index];
  }

  /** Whether the token drawn is the next of the guessed ones, so that its logits are there. */
  boolean confirms(int token) {
    if (confirmed == count || drafts[confirmed] != token) {
      return false;
    }
    confirmed++;
    return true;
  }

  /** Learns from a step how far to guess in the next ones. */
  void learn() {
    if (count > 0) {
      length = Math.clamp(confirmed == count ? 2L * count : confirmed, 1, drafts.length);
      right = (right + (double) confirmed / count) / 2;
      pause = right >= RIGHT_MIN ? 0 : Math.clamp(2L * pause, 1, PAUSE_MAX);
      left = pause;
    }
    count = 0;
  }
}

package io.galerne.engine.sampling;

import java.util.Arrays;

/** Finds the likeliest tokens; of two that are equally likely, the lower one comes first. */
final class Likeliest {
  private Likeliest() {}

  /**
   * The tokens with the highest logits, highest first.
   *
   * @param logits {@code [size]} from {@code offset}
   */
  static int[] of(float[] logits, int offset, int size, int count) {
    int[] tokens = new int[Math.min(count, size)];
    int found = 0;
    for (int token = 0; token < size; token++) {
      float logit = logits[offset + token];
      if (found == tokens.length && !(found > 0 && logit > logits[offset + tokens[found - 1]])) {
        continue;
      }
      int place = found < tokens.length ? found++ : found - 1;
      while (place > 0 && logit > logits[offset + tokens[place - 1]]) {
        tokens[place] = tokens[place - 1];
        place--;
      }
      tokens[place] = token;
    }
    return tokens;
  }

  /**
   * Sets the weights of all other tokens to 0.
   *
   * @param weights {@code [size]}: unnormalised probabilities, of which the highest is 1
   * @param scratch {@code [size]} at least
   */
  static void keep(float[] weights, int size, Adjustments wanted, long[] scratch) {
    long lowest = lowest(weights, size, wanted.topK(), scratch);
    for (int i = 0; i < size; i++) {
      if (weights[i] < wanted.minP() || candidate(weights[i], i) < lowest) {
        weights[i] = 0;
      }
    }
  }

  /** The last of the {@code count} first; whenever there are many, the others are thrown out. */
  private static long lowest(float[] weights, int size, int count, long[] scratch) {
    if (count == 0 || count >= size) {
      return 0;
    }
    int room = Math.min(size, 2 * count + 64);
    long lowest = Long.MIN_VALUE;
    int held = 0;
    for (int i = 0; i < size; i++) {
      long candidate = candidate(weights[i], i);
      if (candidate <= lowest) {
        continue;
      }
      scratch[held++] = candidate;
      if (held == room) {
        Arrays.sort(scratch, 0, held);
        System.arraycopy(scratch, held - count, scratch, 0, count);
        held = count;
        lowest = scratch[0];
      }
    }
    Arrays.sort(scratch, 0, held);
    return scratch[held - count];
  }

  /** Positive floats sort as their bits; the complement puts the lower token first in a tie. */
  static long candidate(float weight, int token) {
    return ((long) Float.floatToRawIntBits(weight) << 32) | (~token & 0xFFFFFFFFL);
  }
}

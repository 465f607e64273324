package io.galerne.engine.tokenizer;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufMetadata;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which two tokens may be merged into which, and which merge comes first. Nothing merges into a
 * control token, whatever the file says: ordinary text must never become one.
 */
final class MergeTable {
  private static final String MERGES = "tokenizer.ggml.merges";
  private static final int MOST_MERGES = 1 << 21;
  private static final long FREE = -1;

  /** Open addressing: the pair of ids at a place, its rank and the merged token beside it. */
  private final long[] pairs;

  private final int[] ranks;
  private final int[] merged;

  /**
   * Multiply-shift hashing (Dietzfelbinger et al., 1997) by a number that no file can know: with a
   * fixed one a file could choose its merges so that all of them fall together.
   */
  private final long multiplier = ThreadLocalRandom.current().nextLong() | 1;

  private final int shift;

  private MergeTable(int count) {
    int places = Integer.highestOneBit(Math.max(count, 1)) * 4;
    shift = Long.numberOfLeadingZeros(places) + 1;
    pairs = new long[places];
    ranks = new int[places];
    merged = new int[places];
    Arrays.fill(pairs, FREE);
  }

  static MergeTable read(GgufMetadata metadata, Vocabulary vocabulary) {
    int count = metadata.length(MERGES);
    if (count > MOST_MERGES) {
      throw new GgufException(MERGES, count + " merges are more than " + MOST_MERGES);
    }
    List<String> merges = metadata.strings(MERGES);
    MergeTable table = new MergeTable(count);
    for (int rank = 0; rank < count; rank++) {
      String merge = merges.get(rank);
      int space = merge.indexOf(' ', 1);
      if (space < 0) {
        throw new GgufException(MERGES + "[" + rank + "]", "'" + merge + "' is not a pair");
      }
      String left = merge.substring(0, space);
      String right = merge.substring(space + 1);
      int result = known(vocabulary, left + right, rank);
      if (vocabulary.kinds()[result] != TokenKind.CONTROL) {
        table.put(known(vocabulary, left, rank), known(vocabulary, right, rank), rank, result);
      }
    }
    return table;
  }

  /** The place of a pair, or -1 if the two don't merge. Either id may be -1. */
  int find(int left, int right) {
    if (left < 0 || right < 0) {
      return -1;
    }
    int place = place(pair(left, right));
    return pairs[place] == FREE ? -1 : place;
  }

  /** The lower, the earlier the merge is made. */
  int rank(int place) {
    return ranks[place];
  }

  int merged(int place) {
    return merged[place];
  }

  /** Of a pair that is listed twice the first counts. */
  private void put(int left, int right, int rank, int result) {
    long pair = pair(left, right);
    int place = place(pair);
    if (pairs[place] == FREE) {
      pairs[place] = pair;
      ranks[place] = rank;
      merged[place] = result;
    }
  }

  private int place(long pair) {
    int place = (int) ((pair * multiplier) >>> shift);
    while (pairs[place] != FREE && pairs[place] != pair) {
      place = (place + 1) & (pairs.length - 1);
    }
    return place;
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  private static int known(Vocabulary vocabulary, String text, int rank) {
    int id = vocabulary.id(text);
    if (id < 0) {
      throw new GgufException(
          MERGES + "[" + rank + "]", "'" + text + "' is not a token of the vocabulary");
    }
    return id;
  }
}

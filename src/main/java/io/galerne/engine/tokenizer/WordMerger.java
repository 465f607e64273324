package io.galerne.engine.tokenizer;

/**
 * Merges the bytes of one word into tokens: always the pair of the lowest rank, and of equals the
 * leftmost. Symbols form a linked list and candidate pairs a heap, so a word of n bytes costs O(n
 * log n) however long it is.
 */
final class WordMerger {
  private final MergeTable merges;
  private final int[] ids;
  private final int[] next;
  private final int[] previous;
  private final LongHeap candidates;

  private WordMerger(int[] symbols, MergeTable merges) {
    this.merges = merges;
    this.ids = symbols;
    this.next = new int[symbols.length];
    this.previous = new int[symbols.length];
    this.candidates = new LongHeap(symbols.length);
    for (int i = 0; i < symbols.length; i++) {
      previous[i] = i - 1;
      next[i] = i + 1 < symbols.length ? i + 1 : -1;
    }
  }

  /** Takes over the symbols; those below 0 merge with nothing and are left out. */
  static void merge(int[] symbols, MergeTable merges, TokenBuffer tokens) {
    WordMerger word = new WordMerger(symbols, merges);
    word.mergeAll();
    for (int i = 0; i >= 0; i = word.next[i]) {
      if (word.ids[i] >= 0) {
        tokens.add(word.ids[i]);
      }
    }
  }

  private void mergeAll() {
    for (int i = 0; i + 1 < ids.length; i++) {
      consider(i);
    }
    while (!candidates.isEmpty()) {
      long candidate = candidates.removeSmallest();
      int rank = (int) (candidate >>> 32);
      int left = (int) candidate;
      int place = next[left] < 0 ? -1 : merges.find(ids[left], ids[next[left]]);
      if (place >= 0 && merges.rank(place) == rank) {
        mergeAt(left, merges.merged(place));
      }
    }
  }

  private void mergeAt(int left, int mergedId) {
    int right = next[left];
    ids[left] = mergedId;
    ids[right] = -1;
    next[left] = next[right];
    next[right] = -1;
    if (next[left] >= 0) {
      previous[next[left]] = left;
      consider(left);
    }
    if (previous[left] >= 0) {
      consider(previous[left]);
    }
  }

  /** Notes the pair that begins here if it can be merged. */
  private void consider(int left) {
    int place = merges.find(ids[left], ids[next[left]]);
    if (place >= 0) {
      candidates.add((long) merges.rank(place) << 32 | left);
    }
  }
}

package io.galerne.engine.tokenizer;

import java.util.Map;

/**
 * SentencePiece's byte-pair encoding of one text: of all neighbours whose texts together are a
 * token, those of the highest score are merged, and of equals the leftmost, until none are left.
 * Symbols form a linked list and candidates a heap, so a text of n characters costs O(n log n).
 *
 * @see <a
 *     href="https://github.com/google/sentencepiece/blob/master/src/bpe_model.cc">SentencePiece</a>
 */
final class SentencePieceMerger {
  private final String text;
  private final Map<String, Integer> tokens;
  private final int[] ranks;
  private final int longestToken;

  /** The place in the text where a symbol begins, and after the last the text's length. */
  private final int[] starts;

  private final int[] next;
  private final int[] previous;
  private final LongHeap candidates;

  private SentencePieceMerger(
      String text, Map<String, Integer> tokens, int[] ranks, int longestToken) {
    this.text = text;
    this.tokens = tokens;
    this.ranks = ranks;
    this.longestToken = longestToken;
    int symbols = text.codePointCount(0, text.length());
    starts = new int[symbols + 1];
    next = new int[symbols];
    previous = new int[symbols];
    for (int i = 0, at = 0; i < symbols; i++) {
      starts[i] = at;
      next[i] = i + 1;
      previous[i] = i - 1;
      at = text.offsetByCodePoints(at, 1);
    }
    starts[symbols] = text.length();
    candidates = new LongHeap(symbols);
  }

  /** What takes the symbols that are left, in order. */
  interface Symbols {
    /**
     * One symbol.
     *
     * @param token its id, or -1 for a character that is no token
     */
    void symbol(int start, int end, int token);
  }

  /**
   * Merges a text.
   *
   * @param tokens ids of the tokens that may arise by merging
   * @param ranks by id; the token of the lowest rank is merged first
   */
  static void merge(
      String text, Map<String, Integer> tokens, int[] ranks, int longestToken, Symbols symbols) {
    SentencePieceMerger merger = new SentencePieceMerger(text, tokens, ranks, longestToken);
    merger.mergeAll();
    for (int i = 0; i < merger.next.length; i = merger.next[i]) {
      int start = merger.starts[i];
      int end = merger.starts[merger.next[i]];
      symbols.symbol(start, end, merger.find(start, end));
    }
  }

  private void mergeAll() {
    for (int i = 0; i + 1 < next.length; i++) {
      consider(i);
    }
    while (!candidates.isEmpty()) {
      long candidate = candidates.removeSmallest();
      int left = (int) candidate;
      int token = previous[left] == left ? -1 : findPair(left);
      if (token >= 0 && ranks[token] == (int) (candidate >> 32)) {
        mergeAt(left);
      }
    }
  }

  private void mergeAt(int left) {
    int right = next[left];
    next[left] = next[right];
    // A symbol that is its own neighbour is gone.
    previous[right] = right;
    if (next[left] < next.length) {
      previous[next[left]] = left;
      consider(left);
    }
    if (previous[left] >= 0) {
      consider(previous[left]);
    }
  }

  private void consider(int left) {
    int token = findPair(left);
    if (token >= 0) {
      candidates.add((long) ranks[token] << 32 | left);
    }
  }

  /** The token that a symbol and the one after it make, or -1. */
  private int findPair(int left) {
    int right = next[left];
    return right == next.length ? -1 : find(starts[left], starts[next[right]]);
  }

  private int find(int start, int end) {
    return end - start > longestToken ? -1 : tokens.getOrDefault(text.substring(start, end), -1);
  }
}

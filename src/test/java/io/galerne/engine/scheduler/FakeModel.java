package io.galerne.engine.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * A model whose every number depends on all tokens before it. What it stores of a position is a
 * digest of the sequence up to there, and attention demands to read just that: a block that was
 * lost, overwritten, returned too early or taken from another text does not pass.
 */
final class FakeModel {
  private static final int VOCABULARY = 40;
  private static final int END = 0;
  private static final int BLOCK = Workload.BLOCK_TOKENS;

  private final int window;
  private final long[][] digests;

  /** Who wrote a position: the owner's number, or -1 if it was written as public text. */
  private final int[][] writers;

  FakeModel(int blocks, int window) {
    this.window = window;
    this.digests = new long[blocks][BLOCK];
    this.writers = new int[blocks][BLOCK];
  }

  /** The digest of a sequence after one more token. */
  static long digest(long before, int token) {
    long mixed = (before ^ token) * 0xBF58476D1CE4E5B9L;
    return (mixed ^ (mixed >>> 29)) * 0x94D049BB133111EBL;
  }

  /** The token after a sequence with these digests; -1 for the end of the answer. */
  private static int draw(long attended) {
    int token = (int) Math.floorMod(attended ^ (attended >>> 31), (long) VOCABULARY);
    return token == END ? -1 : token;
  }

  /** What the model answers alone, computed from the tokens only. */
  int next(Simulated request) {
    long attended = 0;
    int last = request.sequence.length() - 1;
    for (int p = first(last); p <= last; p++) {
      attended = digest(attended, (int) request.digest(p));
    }
    return draw(attended);
  }

  /** Computes tokens of a sequence; if all, answers the next one, as read from the cache. */
  @Nullable Integer compute(Simulated request, int tokens) {
    Sequence sequence = request.sequence;
    int from = sequence.computed();
    int to = from + tokens;
    int[] table = sequence.blockTable();
    for (int p = from; p < to; p++) {
      int block = table[p / BLOCK];
      Broken.unless(block >= 0 && p / BLOCK < sequence.blockCount(), "cache", "no block");
      digests[block][p % BLOCK] = request.digest(p);
      boolean isPublic = (p / BLOCK + 1) * BLOCK <= request.request.scope().publicTokens();
      writers[block][p % BLOCK] = isPublic ? -1 : request.request.owner();
    }
    for (int p = first(from); p < to; p++) {
      read(request, table, p);
    }
    if (to < sequence.length()) {
      return null;
    }
    long attended = 0;
    for (int p = first(to - 1); p < to; p++) {
      attended = digest(attended, (int) digests[table[p / BLOCK]][p % BLOCK]);
    }
    return draw(attended);
  }

  private void read(Simulated request, int[] table, int position) {
    int block = table[position / BLOCK];
    Broken.unless(block >= 0, "cache", "a block in the window was returned");
    int slot = position % BLOCK;
    Broken.unless(digests[block][slot] == request.digest(position), "cache", "another's tokens");
    int writer = writers[block][slot];
    Broken.unless(
        writer == -1 || writer == request.request.owner(), "namespace", "read another's block");
  }

  private int first(int position) {
    return window == 0 ? 0 : Math.max(0, position - window + 1);
  }
}

package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.PackedMatrix.GROUP;

import java.util.Arrays;

/**
 * Consecutive tokens' heads that share a key head, numbered through tokens and heads as queries,
 * and the blocks of 16 positions that they attend to.
 *
 * @param offset of the first token's first head in queries and results
 * @param stride from a token to the next
 * @param position of the first token
 * @param window positions that a token attends to; 0 for all
 * @param scores {@code [token][head][padded]}
 * @param scratch of {@link Kernels#attentionScratch}
 */
record AttentionShape(
    int[] blockTable,
    int kvHead,
    int headSize,
    int offset,
    int stride,
    int heads,
    int tokens,
    int position,
    int window,
    float[] scores,
    float[] scratch) {
  /** Blocks that are unpacked at a time where that takes memory. */
  static final int BLOCKS = 4;

  /** Floats at the beginning of the scratch into which they are unpacked. */
  static int unpacked(int headSize) {
    return BLOCKS * GROUP * headSize;
  }

  /** The first block that is read. */
  int firstBlock() {
    return Kernels.firstAttended(position, window) / GROUP;
  }

  /** Blocks that are read. */
  int blocks() {
    return (position + tokens - 1) / GROUP + 1 - firstBlock();
  }

  /** Scores of a query, of whole blocks. */
  int padded() {
    return blocks() * GROUP;
  }

  int queries() {
    return tokens * heads;
  }

  /** Where a query begins. */
  int head(int query) {
    return offset + query / heads * stride + query % heads * headSize;
  }

  /** The first position that a token of these attends to, counted from the first block. */
  int from(int token) {
    return Kernels.firstAttended(position + token, window) - firstBlock() * GROUP;
  }

  /** The end of what it attends to: the position behind its own. */
  int to(int token) {
    return position + token + 1 - firstBlock() * GROUP;
  }

  /** Scores, softmax and weighted sums, with the bits of {@link ScalarKernels}. */
  void attend(
      AttentionPasses passes, float[] query, short[][] keys, short[][] values, float[] out) {
    passes.scores(query, keys);
    int padded = padded();
    int sums = unpacked(headSize);
    int totals = sums + GROUP;
    for (int q = 0; q < queries(); q++) {
      int row = q * padded;
      int token = q / heads;
      Arrays.fill(scores, row, row + from(token), Float.NEGATIVE_INFINITY);
      Arrays.fill(scores, row + to(token), row + padded, Float.NEGATIVE_INFINITY);
      scratch[totals + q] = AttentionKernel.softmax(scores, row, padded, scratch, sums);
    }
    for (int q = 0; q < queries(); q++) {
      Arrays.fill(out, head(q), head(q) + headSize, 0);
    }
    passes.weightedSums(values, out);
    for (int q = 0; q < queries(); q++) {
      float inverse = 1 / scratch[totals + q];
      int head = head(q);
      for (int d = head; d < head + headSize; d++) {
        out[d] *= inverse;
      }
    }
  }
}

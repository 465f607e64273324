package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.PackedMatrix.GROUP;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What attention computes at once: the query heads that share a key head, of consecutive tokens of
 * one sequence, numbered through tokens and heads as queries, over the blocks of 16 positions that
 * they attend to. A thread has one, with the memory to work in, and sets it for each.
 */
public final class AttentionUnit {
  /** Blocks that are unpacked at a time where that takes memory. */
  static final int BLOCKS = 4;

  private final int heads;
  private final int headSize;
  private final int stride;
  private final int window;

  private final float[] queries;
  private final MemorySegment queryView;
  private final float[] results;
  private final MemorySegment resultView;

  /** {@code [token][head][padded]}. */
  private final float[] scores;

  private final MemorySegment scoreView;

  /** Unpacked blocks, sixteen partial sums, and the sum of each query's scores. */
  private final float[] scratch;

  private int[] blockTable = {};
  private int kvHead;
  private int offset;
  private int tokens;
  private int position;
  private int firstBlock;
  private int blocks;

  /**
   * @param heads query heads that share a key head
   * @param window positions that a token attends to, its own included; 0 for all
   * @param positions most positions of the blocks that a unit reads
   * @param queries {@code [tokens][stride]}, with heads already scaled
   * @param results of the form of the queries
   */
  public AttentionUnit(
      int heads,
      int headSize,
      int window,
      int positions,
      float[] queries,
      float[] results,
      int stride) {
    this.heads = heads;
    this.headSize = headSize;
    this.stride = stride;
    this.window = window;
    this.queries = queries;
    this.queryView = MemorySegment.ofArray(queries);
    this.results = results;
    this.resultView = MemorySegment.ofArray(results);
    this.scores = new float[Math.toIntExact(scores(heads, positions))];
    this.scoreView = MemorySegment.ofArray(scores);
    this.scratch = new float[scratch(heads, headSize)];
  }

  /** Floats of the largest array of one, which is for scores. */
  public static long scores(long heads, long positions) {
    return Math.multiplyExact(Kernels.ATTENTION_TOKENS * heads, positions);
  }

  /** Floats of the other. */
  public static int scratch(int heads, int headSize) {
    return sums(headSize) + GROUP + Kernels.ATTENTION_TOKENS * heads;
  }

  /**
   * Chooses what to compute next.
   *
   * @param blockTable the sequence's blocks in order of position; blocks wholly before what the
   *     first token attends to are not read
   * @param offset of the first token's first head in queries and results
   * @param tokens at most {@link Kernels#ATTENTION_TOKENS}
   * @param position of the first token
   */
  public AttentionUnit of(int[] blockTable, int kvHead, int offset, int tokens, int position) {
    this.blockTable = blockTable;
    this.kvHead = kvHead;
    this.offset = offset;
    this.tokens = tokens;
    this.position = position;
    this.firstBlock = Kernels.firstAttended(position, window) / GROUP;
    this.blocks = (position + tokens - 1) / GROUP + 1 - firstBlock;
    return this;
  }

  private static int sums(int headSize) {
    return BLOCKS * GROUP * headSize;
  }

  int kvHead() {
    return kvHead;
  }

  int heads() {
    return heads;
  }

  int headSize() {
    return headSize;
  }

  float[] queries() {
    return queries;
  }

  MemorySegment queryView() {
    return queryView;
  }

  float[] results() {
    return results;
  }

  MemorySegment resultView() {
    return resultView;
  }

  float[] scores() {
    return scores;
  }

  MemorySegment scoreView() {
    return scoreView;
  }

  float[] scratch() {
    return scratch;
  }

  /** The block of the cache that is the {@code i}-th of those that are read. */
  int block(int i) {
    return blockTable[firstBlock + i];
  }

  /** Blocks that are read. */
  int blocks() {
    return blocks;
  }

  /** Scores of a query, of whole blocks. */
  int padded() {
    return blocks * GROUP;
  }

  /** Queries: heads of all tokens. */
  int count() {
    return tokens * heads;
  }

  /** Where a query begins. */
  int head(int query) {
    return offset + query / heads * stride + query % heads * headSize;
  }

  /** The first position that a token of these attends to, counted from the first block. */
  int from(int token) {
    return Kernels.firstAttended(position + token, window) - firstBlock * GROUP;
  }

  /** The end of what it attends to: the position behind its own. */
  int to(int token) {
    return position + token + 1 - firstBlock * GROUP;
  }

  /** Scores, softmax and weighted sums, with the bits of {@link ScalarKernels}. */
  void attend(AttentionPasses passes, HalfBlocks keys, HalfBlocks values) {
    passes.scores(this, keys);
    int padded = padded();
    int sums = sums(headSize);
    int totals = sums + GROUP;
    for (int q = 0; q < count(); q++) {
      int row = q * padded;
      int token = q / heads;
      Arrays.fill(scores, row, row + from(token), Float.NEGATIVE_INFINITY);
      Arrays.fill(scores, row + to(token), row + padded, Float.NEGATIVE_INFINITY);
      scratch[totals + q] = AttentionKernel.softmax(scores, row, padded, scratch, sums);
    }
    for (int q = 0; q < count(); q++) {
      Arrays.fill(results, head(q), head(q) + headSize, 0);
    }
    passes.weightedSums(this, values);
    for (int q = 0; q < count(); q++) {
      float inverse = 1 / scratch[totals + q];
      int head = head(q);
      for (int d = head; d < head + headSize; d++) {
        results[d] *= inverse;
      }
    }
  }
}

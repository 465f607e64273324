package io.galerne.engine.scheduler;

/**
 * The account of the KV cache: which blocks are free and which belong to a sequence. A block has
 * one owner at a time.
 */
public final class BlockManager {
  private final int blockTokens;
  private final int[] free;
  private int freeCount;

  /**
   * @param blocks blocks in the cache
   * @param blockTokens positions in a block
   */
  public BlockManager(int blocks, int blockTokens) {
    this.blockTokens = blockTokens;
    this.free = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      free[i] = blocks - 1 - i;
    }
    this.freeCount = blocks;
  }

  public int blocks() {
    return free.length;
  }

  public int used() {
    return free.length - freeCount;
  }

  /** Blocks that a sequence still lacks to hold {@code positions} positions. */
  int missing(Sequence sequence, int positions) {
    int needed = (positions + blockTokens - 1) / blockTokens;
    return Math.max(0, needed - sequence.blockCount());
  }

  boolean fits(Sequence sequence, int positions) {
    return missing(sequence, positions) <= freeCount;
  }

  /** Gives a sequence the blocks it lacks. Call only after {@link #fits}. */
  void grow(Sequence sequence, int positions) {
    for (int missing = missing(sequence, positions); missing > 0; missing--) {
      sequence.addBlock(free[--freeCount]);
    }
  }

  /** Takes all blocks back. */
  void release(Sequence sequence) {
    while (sequence.blockCount() > 0) {
      free[freeCount++] = sequence.removeLastBlock();
    }
    sequence.reset();
  }
}

package io.galerne.engine.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Inner products of one {@link WeightFormat}. Both shapes compute an output element by the formula
 * of {@link ScalarKernels}; they differ only in how many elements advance together, which is what
 * keeps the multiply-add units busy and shares the unpacking of weights over the tokens of a tile.
 *
 * <p>The hot methods call the Vector API directly and no helper of ours: past a certain size of a
 * method HotSpot's compiler inlines only the API's own methods, and a vector that crosses a call is
 * boxed.
 */
abstract sealed class TileKernel permits NibbleKernel, ByteKernel, BfloatKernel, FloatKernel {
  /** Where the second half of a tile's scratch begins: block sums, before they are scaled. */
  static final int BLOCK_SUMS = 2 * Activations.TILE * PackedMatrix.GROUP;

  /**
   * Four row vectors, one token.
   *
   * @param rows byte offsets of the row vectors' first blocks
   * @param x {@code [blocks * 32]}
   * @param sums block sums of {@code x}
   * @param out {@code [4][LANES]}
   */
  abstract void single(
      MemorySegment data, long[] rows, int blocks, float[] x, float[] sums, float[] out);

  /**
   * Two row vectors, eight tokens.
   *
   * @param x {@code [blocks * 32][8]} from {@code xOffset}
   * @param sums {@code [blocks][8]} from {@code sumOffset}
   * @param scratch on return {@code [2][8][LANES]} products; the second half is overwritten
   */
  abstract void tile(
      MemorySegment data,
      long row0,
      long row1,
      int blocks,
      float[] x,
      int xOffset,
      float[] sums,
      int sumOffset,
      float[] scratch);
}

package io.galerne.engine.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Inner products of rows of one {@link WeightFormat} with tokens, by the formula of {@link
 * ScalarKernels}. A row vector is {@link VectorLanes#LANES} rows.
 */
sealed interface InnerProducts permits TileKernel, MachineProducts {
  /**
   * Four row vectors, one token.
   *
   * @param row0 byte offset of the first row vector's first block, as are those that follow
   * @param out {@code [4][LANES]}
   */
  void single(
      MemorySegment data,
      long row0,
      long row1,
      long row2,
      long row3,
      int blocks,
      Activations x,
      float[] out);

  /**
   * Two row vectors, a tile of tokens.
   *
   * @param token the tile's first; products of its padding are undefined
   * @param scratch on return {@code [2][8][LANES]} products; the second half is overwritten
   */
  void tile(
      MemorySegment data,
      long row0,
      long row1,
      int blocks,
      Activations x,
      int token,
      float[] scratch);
}

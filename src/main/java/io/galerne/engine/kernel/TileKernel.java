package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.VectorLanes.FLOATS;
import static io.galerne.engine.kernel.VectorLanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Inner products of one {@link WeightFormat}. Both shapes compute an output element by the formula
 * of {@link ScalarKernels}; they differ only in how many elements advance together, which is what
 * keeps the multiply-add units busy and shares the unpacking of weights over the tokens of a tile.
 *
 * <p>The hot methods call the Vector API directly and no helper of ours: past a certain size of a
 * method HotSpot's compiler inlines only the API's own methods, and a vector that crosses a call is
 * boxed.
 */
abstract sealed class TileKernel implements InnerProducts
    permits NibbleKernel, ByteKernel, BfloatKernel, FloatKernel {
  /** Where the second half of a tile's scratch begins: block sums, before they are scaled. */
  static final int BLOCK_SUMS = 2 * Activations.TILE * PackedMatrix.GROUP;

  /** Columns of a block. */
  final int columns;

  /** Words of digits in a block. */
  final int words;

  final int blockBytes;
  final long scaleOffset;
  final long shiftOffset;
  final float sumFactor;
  final boolean shifted;
  private final boolean scaled;

  TileKernel(WeightFormat format) {
    this.columns = format.columns();
    this.words = format.words();
    this.blockBytes = format.blockBytes();
    this.scaleOffset = format.scaleOffset();
    this.scaled = format.hasScale();
    this.shiftOffset = format.shiftOffset();
    this.sumFactor = format.sumFactor();
    this.shifted = format.isShifted();
  }

  static TileKernel of(WeightFormat format) {
    boolean fine = format.columns() < PackedMatrix.BLOCK;
    return switch (format.digits()) {
      case NIBBLES -> fine ? new FineNibbleKernel(format) : new NibbleKernel(format);
      case BYTES -> fine ? new FineByteKernel(format) : new ByteKernel(format);
      case BFLOATS -> new BfloatKernel(format);
      case FLOATS -> new FloatKernel(format);
    };
  }

  /**
   * Products of the digits alone, over one block of two row vectors and eight tokens.
   *
   * @param x {@code [columns][8]} from {@code xOffset}
   * @param scratch from {@link #BLOCK_SUMS} on {@code [2][8][LANES]} sums
   */
  abstract void sumBlock(
      MemorySegment data, long row0, long row1, float[] x, int xOffset, float[] scratch);

  @Override
  public final void single(
      MemorySegment data, long[] rows, int blocks, Activations x, float[] out) {
    single(data, rows, blocks, x.values(), x.sums(columns), out);
  }

  /**
   * Four row vectors, one token.
   *
   * @param x {@code [blocks * columns]}
   * @param sums block sums of {@code x}
   * @param out {@code [4][LANES]}
   */
  abstract void single(
      MemorySegment data, long[] rows, int blocks, float[] x, float[] sums, float[] out);

  @Override
  public final void tile(
      MemorySegment data,
      long row0,
      long row1,
      int blocks,
      Activations activations,
      int token,
      float[] scratch) {
    float[] x = activations.values();
    int xOffset = activations.offset(token);
    float[] sums = activations.sums(columns);
    int sumOffset = activations.sumOffset(token, columns);
    Arrays.fill(scratch, 0, 16 * LANES, 0);
    long offset0 = row0;
    long offset1 = row1;
    for (int block = 0; block < blocks; block++) {
      sumBlock(data, offset0, offset1, x, xOffset + block * columns * 8, scratch);
      if (shifted) {
        addShifted(data, offset0, sums, sumOffset + block * 8, scratch, 0);
        addShifted(data, offset1, sums, sumOffset + block * 8, scratch, 8 * LANES);
      } else if (scaled) {
        addScaled(data, offset0 + scaleOffset, scratch, 0);
        addScaled(data, offset1 + scaleOffset, scratch, 8 * LANES);
      } else {
        addSums(scratch, 0);
        addSums(scratch, 8 * LANES);
      }
      offset0 += blockBytes;
      offset1 += blockBytes;
    }
  }

  private void addShifted(
      MemorySegment data, long row, float[] sums, int sumOffset, float[] scratch, int from) {
    FloatVector scale =
        FloatVector.fromMemorySegment(FLOATS, data, row + scaleOffset, LITTLE_ENDIAN);
    FloatVector shift =
        FloatVector.fromMemorySegment(FLOATS, data, row + shiftOffset, LITTLE_ENDIAN);
    for (int token = 0; token < 8; token++) {
      int at = from + token * LANES;
      FloatVector total =
          FloatVector.fromArray(FLOATS, scratch, BLOCK_SUMS + at)
              .fma(scale, FloatVector.fromArray(FLOATS, scratch, at));
      FloatVector.broadcast(FLOATS, sumFactor * sums[sumOffset + token])
          .fma(shift, total)
          .intoArray(scratch, at);
    }
  }

  private static void addScaled(MemorySegment data, long parameters, float[] scratch, int from) {
    FloatVector scale = FloatVector.fromMemorySegment(FLOATS, data, parameters, LITTLE_ENDIAN);
    for (int token = 0; token < 8; token++) {
      int at = from + token * LANES;
      FloatVector.fromArray(FLOATS, scratch, BLOCK_SUMS + at)
          .fma(scale, FloatVector.fromArray(FLOATS, scratch, at))
          .intoArray(scratch, at);
    }
  }

  private static void addSums(float[] scratch, int from) {
    for (int token = 0; token < 8; token++) {
      int at = from + token * LANES;
      FloatVector.fromArray(FLOATS, scratch, at)
          .add(FloatVector.fromArray(FLOATS, scratch, BLOCK_SUMS + at))
          .intoArray(scratch, at);
    }
  }
}

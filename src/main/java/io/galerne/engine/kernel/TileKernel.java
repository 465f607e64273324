package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.VectorLanes.FLOATS;
import static io.galerne.engine.kernel.VectorLanes.HALF_BITS;
import static io.galerne.engine.kernel.VectorLanes.HALF_UNIT;
import static io.galerne.engine.kernel.VectorLanes.INTS;
import static io.galerne.engine.kernel.VectorLanes.LANES;
import static io.galerne.engine.kernel.VectorLanes.SHORTS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.S2I;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

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
  private static final Map<WeightFormat, TileKernel> KERNELS = all();

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

  /** Whether scales and minima are half floats. */
  final boolean halves;

  private final int parameterBytes;
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
    this.halves = format.parameters() == WeightFormat.Parameters.HALF;
    this.parameterBytes = format.parameters().bytes();
  }

  /** The one of a format. */
  static TileKernel of(WeightFormat format) {
    return Objects.requireNonNull(KERNELS.get(format));
  }

  private static Map<WeightFormat, TileKernel> all() {
    Map<WeightFormat, TileKernel> all = new EnumMap<>(WeightFormat.class);
    for (WeightFormat format : WeightFormat.values()) {
      all.put(format, create(format));
    }
    return all;
  }

  private static TileKernel create(WeightFormat format) {
    boolean fine = format.columns() < PackedMatrix.BLOCK;
    return switch (format.digits()) {
      case NIBBLES -> fine ? new FineNibbleKernel(format) : new NibbleKernel(format);
      case BYTES -> fine ? new FineByteKernel(format) : new ByteKernel(format);
      case BFLOATS -> new BfloatKernel(format);
      case FLOATS -> new FloatKernel(format);
    };
  }

  /**
   * Where the scales of a row vector's first block lie. Behind digits they are packed more densely,
   * so that they lie nearer for each lane before the vector's first.
   */
  final long scales(long row, int blocks) {
    long lane = row % ((long) blocks * blockBytes) / Integer.BYTES;
    return row + scaleOffset - (Integer.BYTES - parameterBytes) * lane;
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
      MemorySegment data,
      long row0,
      long row1,
      long row2,
      long row3,
      int blocks,
      Activations x,
      float[] out) {
    single(data, row0, row1, row2, row3, blocks, x.values(), x.sums(columns), out);
  }

  /**
   * Four row vectors, one token.
   *
   * @param x {@code [blocks * columns]}
   * @param sums block sums of {@code x}
   * @param out {@code [4][LANES]}
   */
  abstract void single(
      MemorySegment data,
      long row0,
      long row1,
      long row2,
      long row3,
      int blocks,
      float[] x,
      float[] sums,
      float[] out);

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
    long scales0 = scales(row0, blocks);
    long scales1 = scales(row1, blocks);
    for (int block = 0; block < blocks; block++) {
      sumBlock(data, offset0, offset1, x, xOffset + block * columns * 8, scratch);
      if (shifted) {
        addShifted(data, scales0, sums, sumOffset + block * 8, scratch, 0);
        addShifted(data, scales1, sums, sumOffset + block * 8, scratch, 8 * LANES);
      } else if (scaled) {
        addScaled(data, scales0, scratch, 0);
        addScaled(data, scales1, scratch, 8 * LANES);
      } else {
        addSums(scratch, 0);
        addSums(scratch, 8 * LANES);
      }
      offset0 += blockBytes;
      offset1 += blockBytes;
      scales0 += blockBytes;
      scales1 += blockBytes;
    }
  }

  private void addShifted(
      MemorySegment data, long scales, float[] sums, int sumOffset, float[] scratch, int from) {
    long shifts = scales + shiftOffset - scaleOffset;
    FloatVector scale;
    FloatVector shift;
    if (halves) {
      scale =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, data, scales, LITTLE_ENDIAN)
                      .convertShape(S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(HALF_UNIT);
      shift =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, data, shifts, LITTLE_ENDIAN)
                      .convertShape(S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(HALF_UNIT);
    } else {
      scale = FloatVector.fromMemorySegment(FLOATS, data, scales, LITTLE_ENDIAN);
      shift = FloatVector.fromMemorySegment(FLOATS, data, shifts, LITTLE_ENDIAN);
    }
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

  private void addScaled(MemorySegment data, long scales, float[] scratch, int from) {
    FloatVector scale;
    if (halves) {
      scale =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, data, scales, LITTLE_ENDIAN)
                      .convertShape(S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(HALF_UNIT);
    } else {
      scale = FloatVector.fromMemorySegment(FLOATS, data, scales, LITTLE_ENDIAN);
    }
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

package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.PackedMatrix.GROUP;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads single rows of a {@link PackedMatrix} as numbers: the look-up of an embedding. */
public final class PackedRows {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long WORD = 4L * GROUP;

  private PackedRows() {}

  /**
   * Writes a row's weights as f32, with the bits of {@code gguf.quants.dequantize} of the {@code
   * gguf} package for Python: the product of number and scale is rounded before the minimum is
   * added.
   *
   * @param out {@code [columns]} from {@code offset}
   */
  public static void read(PackedMatrix matrix, int row, float[] out, int offset) {
    WeightFormat format = matrix.format();
    long group = row / GROUP * matrix.groupBytes();
    int lane = row % GROUP;
    for (int column = 0; column < matrix.columns(); column++) {
      long block = group + (long) (column / format.columns()) * format.blockBytes();
      out[offset + column] = weight(format, matrix.data(), block, lane, column % format.columns());
    }
  }

  private static float weight(
      WeightFormat format, MemorySegment data, long block, int lane, int k) {
    float number = number(format, data, block, lane, k);
    if (!format.hasScale()) {
      return number;
    }
    float scaled = (number - format.offset()) * scale(format, data, block, lane);
    return format.hasMinimum() ? scaled + shift(format, data, block, lane) : scaled;
  }

  /** The number that a block stores for column {@code k} of a row, before offset and scale. */
  static float number(WeightFormat format, MemorySegment data, long block, int lane, int k) {
    long at = block + 4L * lane;
    return switch (format.digits()) {
      case NIBBLES -> data.get(INT, at + k / 8 * WORD) >>> (4 * (k % 8)) & 15;
      case BYTES -> data.get(INT, at + k / 4 * WORD) << (8 * (k % 4)) >> 24;
      case BFLOATS -> {
        int pair = data.get(INT, at + k / 2 * WORD);
        yield Float.intBitsToFloat(k % 2 == 0 ? pair << 16 : pair & 0xFFFF0000);
      }
      case FLOATS -> Float.intBitsToFloat(data.get(INT, at + k * WORD));
    };
  }

  static float scale(WeightFormat format, MemorySegment data, long block, int lane) {
    return parameter(format, data, block + format.scaleOffset(), lane);
  }

  /** The minimum, or the scale where there is none. */
  static float shift(WeightFormat format, MemorySegment data, long block, int lane) {
    return parameter(format, data, block + format.shiftOffset(), lane);
  }

  private static float parameter(WeightFormat format, MemorySegment data, long offset, int lane) {
    return switch (format.parameters()) {
      case HALF -> Float.float16ToFloat(data.get(SHORT, offset + 2L * lane));
      case FULL -> Float.intBitsToFloat(data.get(INT, offset + 4L * lane));
    };
  }
}

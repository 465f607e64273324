package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.PackedMatrix.BLOCK;
import static io.galerne.engine.kernel.PackedMatrix.GROUP;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads single rows of a {@link PackedMatrix} as numbers: the look-up of an embedding. */
public final class PackedRows {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long WORD = 4L * GROUP;

  private PackedRows() {}

  /**
   * Writes a row's weights as f32, dequantised as the GGUF specification says.
   *
   * @param out {@code [columns]} from {@code offset}
   */
  public static void read(PackedMatrix matrix, int row, float[] out, int offset) {
    MemorySegment data = matrix.data();
    long lane = row / GROUP * matrix.groupBytes() + 4L * (row % GROUP);
    for (int column = 0; column < matrix.columns(); column++) {
      long block = lane + (long) (column / BLOCK) * matrix.format().blockBytes();
      out[offset + column] = weight(matrix.format(), data, block, column % BLOCK);
    }
  }

  private static float weight(WeightFormat format, MemorySegment data, long block, int k) {
    float number = number(format, data, block, k);
    return switch (format) {
      case NIBBLES -> number * floatAt(data, block + 4 * WORD) + floatAt(data, block + 5 * WORD);
      case BYTES -> number * floatAt(data, block + 8 * WORD);
      case BFLOATS, FLOATS -> number;
    };
  }

  /** The number that a block stores for column {@code k}, before its scale. */
  static float number(WeightFormat format, MemorySegment data, long block, int k) {
    return switch (format) {
      case NIBBLES -> data.get(INT, block + k / 8 * WORD) >>> (4 * (k % 8)) & 15;
      case BYTES -> (byte) (data.get(INT, block + k / 4 * WORD) >>> (8 * (k % 4)));
      case BFLOATS -> {
        int pair = data.get(INT, block + k / 2 * WORD);
        yield Float.intBitsToFloat(k % 2 == 0 ? pair << 16 : pair & 0xFFFF0000);
      }
      case FLOATS -> floatAt(data, block + k * WORD);
    };
  }

  static float floatAt(MemorySegment data, long offset) {
    return Float.intBitsToFloat(data.get(INT, offset));
  }
}

package io.galerne.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reads quantised blocks as ggml lays them out in a file. Offsets are bytes from the start of the
 * tensor; {@code k} counts the columns of a block and {@code i} the runs of columns that share a
 * scale.
 */
abstract sealed class BlockReader permits SimpleBlockReader, SuperBlockReader {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The same byte eight times over: arithmetic on eight columns at once. */
  static final long EIGHT_ONES = 0x0101010101010101L;

  private static final long EIGHT_SIGNS = 0x8080808080808080L;

  private final MemorySegment data;

  BlockReader(MemorySegment data) {
    this.data = data;
  }

  /**
   * Columns {@code k} to {@code k + 7} as signed bytes, the first the lowest: what {@link
   * WeightFormat} calls digits, their offset not yet taken from them.
   */
  abstract long digits(long block, int k);

  abstract float scale(long block, int i);

  /** Zero for types that have none. */
  abstract float minimum(long block, int i);

  /** Takes a number from each of eight bytes that hold no more than seven bits. */
  static long subtract(long bytes, int number) {
    return ((bytes | EIGHT_SIGNS) - number * EIGHT_ONES) ^ EIGHT_SIGNS;
  }

  final long eight(long offset) {
    return data.get(LONG, offset);
  }

  /** The {@code width} bits from {@code shift} on of eight bytes. */
  final long eight(long offset, int shift, int width) {
    return (data.get(LONG, offset) >>> shift) & (EIGHT_ONES * ((1 << width) - 1));
  }

  final int unsigned(long offset) {
    return data.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
  }

  final int signed(long offset) {
    return data.get(ValueLayout.JAVA_BYTE, offset);
  }

  final float half(long offset) {
    return Float.float16ToFloat(data.get(SHORT, offset));
  }
}

package io.galerne.engine.kernel;

import io.galerne.engine.gguf.GgmlType;
import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32 columns: the scale, the minimum where there is one, the fifth bits of all columns
 * where there are any, then the rest. Nibbles of columns 0 to 15 are the low halves of the bytes,
 * those of columns 16 to 31 the high halves.
 */
final class SimpleBlockReader extends BlockReader {
  private final GgmlType type;
  private final int rest;

  SimpleBlockReader(GgmlType type, MemorySegment data) {
    super(data);
    this.type = type;
    this.rest = type.blockBytes() - (type == GgmlType.Q8_0 ? 32 : 16);
  }

  @Override
  long digits(long block, int k) {
    return switch (type) {
      case Q4_0, Q4_1 -> nibbles(block, k);
      case Q5_0 -> subtract(nibbles(block, k) | fifthBits(block, k), 16);
      case Q5_1 -> nibbles(block, k) | fifthBits(block, k);
      case Q8_0 -> eight(block + rest + k);
      case F32, F16, BF16, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K ->
          throw new IllegalStateException(type + " has no such blocks");
    };
  }

  private long nibbles(long block, int k) {
    return eight(block + rest + k % 16, k / 16 * 4, 4);
  }

  private long fifthBits(long block, int k) {
    return Long.expand(unsigned(block + rest - 4 + k / 8), EIGHT_ONES) << 4;
  }

  @Override
  float scale(long block, int i) {
    return half(block);
  }

  @Override
  float minimum(long block, int i) {
    return type == GgmlType.Q4_1 || type == GgmlType.Q5_1 ? half(block + 2) : 0;
  }
}

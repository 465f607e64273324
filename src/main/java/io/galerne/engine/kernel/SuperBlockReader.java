package io.galerne.engine.kernel;

import io.galerne.engine.gguf.GgmlType;
import java.lang.foreign.MemorySegment;

/**
 * Super-blocks of 256 columns (the "k-quants" of ggml): an f16 scale for all, and small integers
 * that scale runs of 16 or 32 columns. Digits lie in planes of bits: bytes whose lowest bits belong
 * to one run of columns, and the next bits to the run after it.
 */
final class SuperBlockReader extends BlockReader {
  private final GgmlType type;

  SuperBlockReader(GgmlType type, MemorySegment data) {
    super(data);
    this.type = type;
  }

  @Override
  long digits(long block, int k) {
    return switch (type) {
      case Q2_K -> pairs(block + 16, k);
      case Q3_K -> pairs(block + 32, k) | (eight(block + k % 32, k / 32, 1) << 2);
      case Q4_K -> nibbles(block + 16, k, 32);
      case Q5_K -> nibbles(block + 48, k, 32) | (eight(block + 16 + k % 32, k / 32, 1) << 4);
      case Q6_K -> subtract(nibbles(block, k, 64) | (pairs(block + 128, k) << 4), 32);
      case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 -> throw noSuchBlocks();
    };
  }

  /** Four runs of 32 columns in 32 bytes. */
  private long pairs(long plane, int k) {
    return eight(plane + k / 128 * 32L + k % 32, k % 128 / 32 * 2, 2);
  }

  /** Two runs of columns in as many bytes as a run has columns. */
  private long nibbles(long plane, int k, long run) {
    return eight(plane + k / (2 * run) * run + k % run, (int) (k / run % 2) * 4, 4);
  }

  @Override
  float scale(long block, int i) {
    return switch (type) {
      case Q2_K -> half(block + 80) * (unsigned(block + i) & 15);
      case Q3_K -> half(block + 108) * (sixteenth(block + 96, i) - 32);
      case Q4_K, Q5_K -> half(block) * eighth(block + 4, i);
      case Q6_K -> half(block + 208) * signed(block + 192 + i);
      case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 -> throw noSuchBlocks();
    };
  }

  @Override
  float minimum(long block, int i) {
    return switch (type) {
      case Q2_K -> -(half(block + 82) * (unsigned(block + i) >> 4));
      case Q4_K, Q5_K -> -(half(block + 2) * eighthMinimum(block + 4, i));
      case Q3_K, Q6_K -> 0;
      case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 -> throw noSuchBlocks();
    };
  }

  /** One of sixteen numbers of six bits: low halves in eight bytes, top bits in four more. */
  private int sixteenth(long plane, int i) {
    int low = (unsigned(plane + i % 8) >> (i / 8 * 4)) & 15;
    int high = (unsigned(plane + 8 + i % 4) >> (i / 4 * 2)) & 3;
    return low | (high << 4);
  }

  /**
   * One of eight scales of six bits. The first four stand in the low bits of bytes 0 to 3; of the
   * others, the low halves in bytes 8 to 11, the top bits above the first four.
   */
  private int eighth(long plane, int i) {
    return i < 4
        ? unsigned(plane + i) & 63
        : (unsigned(plane + 4 + i) & 15) | (unsigned(plane + i - 4) >> 6 << 4);
  }

  /** One of eight minima: as the scales, in bytes 4 to 7 and the high halves of bytes 8 to 11. */
  private int eighthMinimum(long plane, int i) {
    return i < 4
        ? unsigned(plane + 4 + i) & 63
        : (unsigned(plane + 4 + i) >> 4) | (unsigned(plane + i) >> 6 << 4);
  }

  private IllegalStateException noSuchBlocks() {
    return new IllegalStateException(type + " has no super-blocks");
  }
}

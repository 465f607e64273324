package io.galerne.engine.kernel;

import io.galerne.engine.gguf.GgmlType;

/**
 * How a {@link PackedMatrix} stores a block of {@value PackedMatrix#BLOCK} columns of {@value
 * PackedMatrix#GROUP} rows. Lane {@code r} of each 16-lane word belongs to row {@code r}, so a
 * kernel never adds across lanes.
 */
public enum WeightFormat {
  /**
   * Four words of eight nibbles each ({@code q} of columns {@code 8j..8j+7}, lowest first), then
   * the scales {@code d} and the minima {@code m} as f32: weight = {@code d * q + m}.
   */
  NIBBLES(6 * 64),
  /** Eight words of four signed bytes each, then the scales as f32: weight = {@code d * q}. */
  BYTES(9 * 64),
  /** Sixteen words of two bfloat16 each, the lower column in the lower half. */
  BFLOATS(16 * 64),
  /** One f32 word for each column. */
  FLOATS(32 * 64);

  private final int blockBytes;

  WeightFormat(int blockBytes) {
    this.blockBytes = blockBytes;
  }

  /** Bytes of one block of 16 rows by 32 columns. */
  public int blockBytes() {
    return blockBytes;
  }

  /** The format that holds a file's type without loss. */
  public static WeightFormat of(GgmlType type) {
    return switch (type) {
      case Q4_0, Q4_1 -> NIBBLES;
      case Q8_0 -> BYTES;
      case BF16 -> BFLOATS;
      case F16, F32 -> FLOATS;
    };
  }
}

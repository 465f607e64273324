package io.galerne.engine.kernel;

import io.galerne.engine.gguf.GgmlType;

/**
 * How a {@link PackedMatrix} stores a block of {@link #columns} columns of {@value
 * PackedMatrix#GROUP} rows: 16-lane words of {@link Digits}, then 16 scales {@code d} and 16 minima
 * {@code m} where the format has them: {@code weight = d * (q - offset) + m}. Lane {@code r} of
 * each belongs to row {@code r}, so a kernel never adds across lanes.
 *
 * <p>Scales and minima are {@link Parameters} of the block itself. For a super-block of 256 columns
 * they are products of its f16 and the block's small integer, which only f32 holds without
 * rounding.
 */
public enum WeightFormat {
  /** Q4_0: 0.5625 bytes for each weight. */
  CENTRED_NIBBLES(Digits.NIBBLES, 32, 1, Parameters.HALF, 8),
  /** Q3_K: 0.75 bytes for each weight. */
  FINE_CENTRED_NIBBLES(Digits.NIBBLES, 16, 1, Parameters.FULL, 4),
  /** Q4_1: 0.625 bytes for each weight. */
  RANGED_NIBBLES(Digits.NIBBLES, 32, 2, Parameters.HALF, 0),
  /** Q4_K: 0.75 bytes for each weight. */
  PRECISE_RANGED_NIBBLES(Digits.NIBBLES, 32, 2, Parameters.FULL, 0),
  /** Q2_K: 1 byte for each weight. */
  FINE_RANGED_NIBBLES(Digits.NIBBLES, 16, 2, Parameters.FULL, 0),
  /** Q5_0 and Q8_0: 1.0625 bytes for each weight. */
  BYTES(Digits.BYTES, 32, 1, Parameters.HALF, 0),
  /** Q6_K: 1.25 bytes for each weight. */
  FINE_BYTES(Digits.BYTES, 16, 1, Parameters.FULL, 0),
  /** Q5_1: 1.125 bytes for each weight. */
  RANGED_BYTES(Digits.BYTES, 32, 2, Parameters.HALF, 0),
  /** Q5_K: 1.25 bytes for each weight. */
  PRECISE_RANGED_BYTES(Digits.BYTES, 32, 2, Parameters.FULL, 0),
  /** BF16: 2 bytes for each weight. */
  BFLOATS(Digits.BFLOATS, 32, 0, Parameters.FULL, 0),
  /** F16 and F32: 4 bytes for each weight. */
  FLOATS(Digits.FLOATS, 32, 0, Parameters.FULL, 0);

  /** The numbers {@code q} in a lane of a word. */
  enum Digits {
    /** Eight of 0 to 15, the lowest column in the lowest bits. */
    NIBBLES(4),
    /** Four of -128 to 127, the lowest column in the highest bits: one shift gives it its sign. */
    BYTES(8),
    /** Two bfloat16, the lower column in the lower half. */
    BFLOATS(16),
    /** One f32. */
    FLOATS(32);

    private final int bits;

    Digits(int bits) {
      this.bits = bits;
    }
  }

  /** How a scale or a minimum is stored. */
  enum Parameters {
    /** As f16, which is what the file has. */
    HALF(2),
    /** As f32. */
    FULL(4);

    private final int bytes;

    Parameters(int bytes) {
      this.bytes = bytes;
    }

    /** Of one row. */
    int bytes() {
      return bytes;
    }
  }

  private final Digits digits;
  private final int columns;
  private final int parameterCount;
  private final Parameters parameters;
  private final int offset;

  WeightFormat(Digits digits, int columns, int parameterCount, Parameters parameters, int offset) {
    this.digits = digits;
    this.columns = columns;
    this.parameterCount = parameterCount;
    this.parameters = parameters;
    this.offset = offset;
  }

  Digits digits() {
    return digits;
  }

  /** Columns that share a scale; over them a partial sum runs. */
  int columns() {
    return columns;
  }

  /** Words of digits in a block. */
  int words() {
    return columns * digits.bits / 32;
  }

  Parameters parameters() {
    return parameters;
  }

  /** What is taken from a digit before it is scaled. */
  int offset() {
    return offset;
  }

  boolean hasScale() {
    return parameterCount >= 1;
  }

  boolean hasMinimum() {
    return parameterCount == 2;
  }

  /** Whether a product has a term in the sum of the activations: that of minimum or offset. */
  boolean isShifted() {
    return hasMinimum() || offset != 0;
  }

  /** Where the scales lie in a block; the minima follow them. */
  long scaleOffset() {
    return 4L * PackedMatrix.GROUP * words();
  }

  /** Where the word is by which {@link #sumFactor} times the sum of the activations is scaled. */
  long shiftOffset() {
    return hasMinimum() ? scaleOffset() + parameterGroup() : scaleOffset();
  }

  float sumFactor() {
    return hasMinimum() ? 1 : -offset;
  }

  /** Bytes of one block of 16 rows. */
  int blockBytes() {
    return 4 * PackedMatrix.GROUP * words() + parameterGroup() * parameterCount;
  }

  /** Bytes of the scales of a block, or of its minima. */
  private int parameterGroup() {
    return parameters.bytes * PackedMatrix.GROUP;
  }

  /** The format that holds a file's type without loss. */
  public static WeightFormat of(GgmlType type) {
    return switch (type) {
      case Q4_0 -> CENTRED_NIBBLES;
      case Q3_K -> FINE_CENTRED_NIBBLES;
      case Q4_1 -> RANGED_NIBBLES;
      case Q4_K -> PRECISE_RANGED_NIBBLES;
      case Q2_K -> FINE_RANGED_NIBBLES;
      case Q5_0, Q8_0 -> BYTES;
      case Q6_K -> FINE_BYTES;
      case Q5_1 -> RANGED_BYTES;
      case Q5_K -> PRECISE_RANGED_BYTES;
      case BF16 -> BFLOATS;
      case F16, F32 -> FLOATS;
    };
  }
}

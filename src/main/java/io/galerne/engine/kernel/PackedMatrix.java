package io.galerne.engine.kernel;

import java.lang.foreign.MemorySegment;

/**
 * A weight matrix of {@code rows x columns}, repacked for kernels whose lanes are rows: groups of
 * {@value #GROUP} rows, within a group blocks of columns in the layout of the {@link WeightFormat}.
 * Rows and columns are padded with zeros to whole groups and blocks.
 *
 * @param data {@code [group][block][format.blockBytes()]}, 64-byte aligned, read-only once packed
 */
public record PackedMatrix(WeightFormat format, int rows, int columns, MemorySegment data) {
  /** Rows that travel together, one in each 32-bit lane of a 512-bit word. */
  public static final int GROUP = 16;

  /** The longest block of columns; activations are padded to it. */
  public static final int BLOCK = 32;

  public int groups() {
    return ceilDivide(rows, GROUP);
  }

  public int blocks() {
    return ceilDivide(columns, format.columns());
  }

  /** Bytes of one group of rows. */
  public long groupBytes() {
    return (long) blocks() * format.blockBytes();
  }

  /** Bytes that a packed matrix of this shape takes. */
  public static long bytes(WeightFormat format, int rows, int columns) {
    return (long) ceilDivide(rows, GROUP)
        * ceilDivide(columns, format.columns())
        * format.blockBytes();
  }

  static int ceilDivide(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }
}

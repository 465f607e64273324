package io.galerne.engine.gguf;

import java.util.Optional;

/**
 * Tensor element types of the GGUF specification that this engine reads. A block holds columns of
 * one row, so the columns of a tensor are a multiple of its type's block size.
 */
public enum GgmlType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q2_K(10, 256, 84),
  Q3_K(11, 256, 110),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  BF16(30, 1, 2);

  private final int id;
  private final int blockSize;
  private final int blockBytes;

  GgmlType(int id, int blockSize, int blockBytes) {
    this.id = id;
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
  }

  public static Optional<GgmlType> ofId(int id) {
    for (GgmlType type : values()) {
      if (type.id == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Elements in one quantisation block; 1 for plain numbers. */
  public int blockSize() {
    return blockSize;
  }

  /** Bytes of one block in the file. */
  public int blockBytes() {
    return blockBytes;
  }
}

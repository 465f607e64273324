package io.galerne.engine.gguf;

import java.util.Optional;

/** Tensor element types of the GGUF specification that this engine reads. */
public enum GgmlType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q8_0(8, 32, 34),
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

package io.galerne.engine.gguf;

import java.util.Optional;

/** Types of metadata values. */
enum GgufValueType {
  UINT8(0, 1),
  INT8(1, 1),
  UINT16(2, 2),
  INT16(3, 2),
  UINT32(4, 4),
  INT32(5, 4),
  FLOAT32(6, 4),
  BOOL(7, 1),
  STRING(8, 8),
  ARRAY(9, 12),
  UINT64(10, 8),
  INT64(11, 8),
  FLOAT64(12, 8);

  private final int id;
  private final int minimumBytes;

  GgufValueType(int id, int minimumBytes) {
    this.id = id;
    this.minimumBytes = minimumBytes;
  }

  static Optional<GgufValueType> ofId(int id) {
    for (GgufValueType type : values()) {
      if (type.id == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The number that stands for this type in the file. */
  int id() {
    return id;
  }

  /** The size of a number, or the least that a string or an array takes. */
  int minimumBytes() {
    return minimumBytes;
  }

  boolean isInteger() {
    return switch (this) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
      case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
    };
  }

  boolean isFloat() {
    return this == FLOAT32 || this == FLOAT64;
  }
}

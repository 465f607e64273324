package io.galerne.engine.gguf;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One tensor of a file.
 *
 * @param shape in GGUF order: {@code shape[0]} is the contiguous dimension, so a matrix of {@code
 *     rows x columns} has the shape {@code [columns, rows]}
 * @param data the tensor's bytes, mapped read-only and bounded to exactly this tensor
 */
public record GgufTensor(String name, GgmlType type, List<Long> shape, MemorySegment data) {
  public GgufTensor {
    shape = List.copyOf(shape);
  }

  /** Elements of the contiguous dimension. */
  public int columns() {
    return Math.toIntExact(shape.getFirst());
  }

  /** Product of all dimensions but the first; 1 for a vector. */
  public int rows() {
    long rows = 1;
    for (int i = 1; i < shape.size(); i++) {
      rows = Math.multiplyExact(rows, shape.get(i));
    }
    return Math.toIntExact(rows);
  }
}

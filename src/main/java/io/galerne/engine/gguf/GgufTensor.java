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
    return product(1);
  }

  /** Matrices that lie one behind the other: product of all dimensions but the first two. */
  public int matrices() {
    return product(2);
  }

  /** One of the matrices: a view of this tensor with the shape {@code [columns, rows]}. */
  public GgufTensor matrix(int index) {
    long bytes = data.byteSize() / matrices();
    return new GgufTensor(name, type, shape.subList(0, 2), data.asSlice(index * bytes, bytes));
  }

  private int product(int from) {
    long product = 1;
    for (int i = from; i < shape.size(); i++) {
      product = Math.multiplyExact(product, shape.get(i));
    }
    return Math.toIntExact(product);
  }
}

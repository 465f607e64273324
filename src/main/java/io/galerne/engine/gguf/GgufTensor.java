package io.galerne.engine.gguf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One tensor of a file.
 *
 * @param shape in GGUF order: {@code shape[0]} is the contiguous dimension, so a matrix of {@code
 *     rows x columns} has the shape {@code [columns, rows]}
 * @param bytes exactly this tensor's
 */
public record GgufTensor(String name, GgmlType type, List<Long> shape, TensorBytes bytes) {
  public GgufTensor {
    shape = List.copyOf(shape);
  }

  /** A tensor that is in memory. */
  public GgufTensor(String name, GgmlType type, List<Long> shape, MemorySegment data) {
    this(name, type, shape, TensorBytes.of(data));
  }

  /**
   * All bytes. Those of a file are read each time, so ask once, and only for what is small: large
   * matrices are read in pieces by {@link TensorBytes#read}.
   */
  public MemorySegment data() {
    return bytes.read(0, bytes.byteSize(), Arena.ofAuto());
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
    long size = bytes.byteSize() / matrices();
    return new GgufTensor(name, type, shape.subList(0, 2), bytes.asSlice(index * size, size));
  }

  private int product(int from) {
    long product = 1;
    for (int i = from; i < shape.size(); i++) {
      product = Math.multiplyExact(product, shape.get(i));
    }
    return Math.toIntExact(product);
  }
}

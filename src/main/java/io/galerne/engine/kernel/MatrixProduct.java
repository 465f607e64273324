package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.VectorLanes.FLOATS;
import static io.galerne.engine.kernel.VectorLanes.LANES;
import static io.galerne.engine.kernel.VectorLanes.PARTS;

import jdk.incubator.vector.FloatVector;

/**
 * Walks a range of row vectors with {@link InnerProducts} and stores what they give. Methods are
 * static: a step has thousands of products, and an object for each would be garbage.
 */
final class MatrixProduct {
  private static final int SINGLE = 4;
  private static final int TILED = 2;

  private MatrixProduct() {}

  /** {@link Kernels#multiply}, by a kernel. */
  static void multiply(
      InnerProducts kernel,
      PackedMatrix weight,
      int fromGroup,
      int toGroup,
      Activations x,
      float[] out,
      int offset,
      int stride,
      boolean accumulate,
      float[] scratch) {
    int from = fromGroup * PARTS;
    int to = toGroup * PARTS;
    if (x.width() == 1) {
      single(kernel, weight, from, to, x, out, offset, accumulate, scratch);
    } else {
      tiles(kernel, weight, from, to, x, out, offset, stride, accumulate, scratch);
    }
  }

  /** One token: four row vectors at a time, so that four chains of multiply-adds are in flight. */
  private static void single(
      InnerProducts kernel,
      PackedMatrix weight,
      int from,
      int to,
      Activations x,
      float[] out,
      int offset,
      boolean accumulate,
      float[] scratch) {
    int last = to - 1;
    for (int vector = from; vector < to; vector += SINGLE) {
      kernel.single(
          weight.data(),
          rowOffset(weight, vector),
          rowOffset(weight, Math.min(vector + 1, last)),
          rowOffset(weight, Math.min(vector + 2, last)),
          rowOffset(weight, Math.min(vector + 3, last)),
          weight.blocks(),
          x,
          scratch);
      for (int i = 0; i < SINGLE && vector + i < to; i++) {
        int row = (vector + i) * LANES;
        store(scratch, i * LANES, out, offset + row, weight.rows() - row, accumulate);
      }
    }
  }

  /** Tiles of eight tokens: two row vectors at a time, each unpacked once for the tile. */
  private static void tiles(
      InnerProducts kernel,
      PackedMatrix weight,
      int from,
      int to,
      Activations x,
      float[] out,
      int offset,
      int stride,
      boolean accumulate,
      float[] scratch) {
    int tile = Activations.TILE;
    for (int vector = from; vector < to; vector += TILED) {
      long row0 = rowOffset(weight, vector);
      long row1 = rowOffset(weight, Math.min(vector + 1, to - 1));
      int row = vector * LANES;
      int rest = weight.rows() - row;
      for (int token = 0; token < x.tokens(); token += tile) {
        kernel.tile(weight.data(), row0, row1, weight.blocks(), x, token, scratch);
        int tokens = Math.min(tile, x.tokens() - token);
        for (int i = 0; i < tokens; i++) {
          int target = (token + i) * stride + offset + row;
          store(scratch, i * LANES, out, target, rest, accumulate);
          if (vector + 1 < to) {
            int next = target + LANES;
            store(scratch, (tile + i) * LANES, out, next, rest - LANES, accumulate);
          }
        }
      }
    }
  }

  private static long rowOffset(PackedMatrix weight, int vector) {
    return vector / PARTS * weight.groupBytes() + vector % PARTS * (4L * LANES);
  }

  /**
   * A vector of products, or what there are rows for.
   *
   * @param rows of the matrix from the vector's first on
   */
  private static void store(
      float[] scratch, int from, float[] out, int target, int rows, boolean accumulate) {
    if (rows >= LANES && accumulate) {
      FloatVector.fromArray(FLOATS, out, target)
          .add(FloatVector.fromArray(FLOATS, scratch, from))
          .intoArray(out, target);
    } else if (rows >= LANES) {
      FloatVector.fromArray(FLOATS, scratch, from).intoArray(out, target);
    } else {
      for (int i = 0; i < rows; i++) {
        out[target + i] = accumulate ? out[target + i] + scratch[from + i] : scratch[from + i];
      }
    }
  }
}

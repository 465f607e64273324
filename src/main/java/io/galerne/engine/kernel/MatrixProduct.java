package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.VectorLanes.FLOATS;
import static io.galerne.engine.kernel.VectorLanes.LANES;
import static io.galerne.engine.kernel.VectorLanes.PARTS;

import jdk.incubator.vector.FloatVector;

/** Walks a range of row vectors with {@link InnerProducts} and stores what they give. */
record MatrixProduct(
    InnerProducts kernel,
    PackedMatrix weight,
    Activations x,
    float[] out,
    int offset,
    int stride,
    boolean accumulate,
    float[] scratch) {
  private static final int SINGLE = 4;
  private static final int TILED = 2;

  void multiply(int fromGroup, int toGroup) {
    if (x.width() == 1) {
      single(fromGroup * PARTS, toGroup * PARTS);
    } else {
      tiles(fromGroup * PARTS, toGroup * PARTS);
    }
  }

  /** One token: four row vectors at a time, so that four chains of multiply-adds are in flight. */
  private void single(int from, int to) {
    long[] rows = new long[SINGLE];
    for (int vector = from; vector < to; vector += SINGLE) {
      for (int i = 0; i < SINGLE; i++) {
        rows[i] = rowOffset(Math.min(vector + i, to - 1));
      }
      kernel.single(weight.data(), rows, weight.blocks(), x, scratch);
      for (int i = 0; i < SINGLE && vector + i < to; i++) {
        store(i * LANES, 0, vector + i);
      }
    }
  }

  /** Tiles of eight tokens: two row vectors at a time, each unpacked once for the tile. */
  private void tiles(int from, int to) {
    int tile = Activations.TILE;
    for (int vector = from; vector < to; vector += TILED) {
      long row0 = rowOffset(vector);
      long row1 = rowOffset(Math.min(vector + 1, to - 1));
      for (int token = 0; token < x.tokens(); token += tile) {
        kernel.tile(weight.data(), row0, row1, weight.blocks(), x, token, scratch);
        int tokens = Math.min(tile, x.tokens() - token);
        for (int i = 0; i < tokens; i++) {
          store(i * LANES, token + i, vector);
          if (vector + 1 < to) {
            store((tile + i) * LANES, token + i, vector + 1);
          }
        }
      }
    }
  }

  private long rowOffset(int vector) {
    return vector / PARTS * weight.groupBytes() + vector % PARTS * (4L * LANES);
  }

  private void store(int from, int token, int vector) {
    int row = vector * LANES;
    int target = token * stride + offset + row;
    int count = Math.min(LANES, weight.rows() - row);
    if (count == LANES && accumulate) {
      FloatVector.fromArray(FLOATS, out, target)
          .add(FloatVector.fromArray(FLOATS, scratch, from))
          .intoArray(out, target);
    } else if (count == LANES) {
      FloatVector.fromArray(FLOATS, scratch, from).intoArray(out, target);
    } else {
      for (int i = 0; i < count; i++) {
        out[target + i] = accumulate ? out[target + i] + scratch[from + i] : scratch[from + i];
      }
    }
  }
}

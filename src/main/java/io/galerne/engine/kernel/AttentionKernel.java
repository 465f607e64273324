package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.PackedMatrix.GROUP;
import static io.galerne.engine.kernel.VectorLanes.FLOATS;
import static io.galerne.engine.kernel.VectorLanes.LANES;
import static io.galerne.engine.kernel.VectorLanes.PARTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Attention of one head in three passes over the cache's blocks of 16 positions. */
final class AttentionKernel {
  /** Score vectors that advance together. */
  private static final int CHAINS = 4;

  private AttentionKernel() {}

  /**
   * {@code scores[p] = query . key[p]}, a lane for each position; the padding is minus infinity.
   */
  static void scores(
      float[] query,
      int queryOffset,
      float[][] keys,
      int[] blockTable,
      int head,
      int headSize,
      int length,
      float[] scores) {
    int vectors = (length + LANES - 1) / LANES;
    for (int vector = 0; vector < vectors; vector += CHAINS) {
      int last = vectors - 1;
      int v1 = Math.min(vector + 1, last);
      int v2 = Math.min(vector + 2, last);
      int v3 = Math.min(vector + 3, last);
      float[] k0 = keys[blockTable[vector / PARTS]];
      float[] k1 = keys[blockTable[v1 / PARTS]];
      float[] k2 = keys[blockTable[v2 / PARTS]];
      float[] k3 = keys[blockTable[v3 / PARTS]];
      int o0 = head + vector % PARTS * LANES;
      int o1 = head + v1 % PARTS * LANES;
      int o2 = head + v2 % PARTS * LANES;
      int o3 = head + v3 % PARTS * LANES;
      FloatVector s0 = FloatVector.zero(FLOATS);
      FloatVector s1 = FloatVector.zero(FLOATS);
      FloatVector s2 = FloatVector.zero(FLOATS);
      FloatVector s3 = FloatVector.zero(FLOATS);
      for (int d = 0; d < headSize; d++) {
        FloatVector q = FloatVector.broadcast(FLOATS, query[queryOffset + d]);
        int at = d * GROUP;
        s0 = q.fma(FloatVector.fromArray(FLOATS, k0, o0 + at), s0);
        s1 = q.fma(FloatVector.fromArray(FLOATS, k1, o1 + at), s1);
        s2 = q.fma(FloatVector.fromArray(FLOATS, k2, o2 + at), s2);
        s3 = q.fma(FloatVector.fromArray(FLOATS, k3, o3 + at), s3);
      }
      s0.intoArray(scores, vector * LANES);
      s1.intoArray(scores, v1 * LANES);
      s2.intoArray(scores, v2 * LANES);
      s3.intoArray(scores, v3 * LANES);
    }
    int padded = (length + GROUP - 1) / GROUP * GROUP;
    for (int p = length; p < padded; p++) {
      scores[p] = Float.NEGATIVE_INFINITY;
    }
  }

  /**
   * Replaces scores by e^(score - max) and returns their sum, added in sixteen strided partials.
   */
  static float softmax(float[] scores, int length) {
    int padded = (length + GROUP - 1) / GROUP * GROUP;
    FloatVector max = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    for (int p = 0; p < padded; p += LANES) {
      max = max.max(FloatVector.fromArray(FLOATS, scores, p));
    }
    FloatVector highest = FloatVector.broadcast(FLOATS, max.reduceLanes(VectorOperators.MAX));
    float[] partial = new float[GROUP];
    for (int part = 0; part < GROUP; part += LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int p = part; p < padded; p += GROUP) {
        FloatVector e = VectorLanes.exp(FloatVector.fromArray(FLOATS, scores, p).sub(highest));
        e.intoArray(scores, p);
        sum = sum.add(e);
      }
      sum.intoArray(partial, part);
    }
    return ScalarKernels.treeSum(partial);
  }

  /** {@code out[d] = factor * sum over p of scores[p] * value[p][d]}, a lane for each dimension. */
  static void weightedSum(
      float[][] values,
      int[] blockTable,
      int head,
      int headSize,
      int length,
      float[] scores,
      float factor,
      float[] out,
      int outOffset) {
    int d = 0;
    for (; d + 4 * LANES <= headSize; d += 4 * LANES) {
      FloatVector s0 = FloatVector.zero(FLOATS);
      FloatVector s1 = FloatVector.zero(FLOATS);
      FloatVector s2 = FloatVector.zero(FLOATS);
      FloatVector s3 = FloatVector.zero(FLOATS);
      for (int p = 0; p < length; p++) {
        float[] block = values[blockTable[p / GROUP]];
        int at = head + p % GROUP * headSize + d;
        FloatVector score = FloatVector.broadcast(FLOATS, scores[p]);
        s0 = score.fma(FloatVector.fromArray(FLOATS, block, at), s0);
        s1 = score.fma(FloatVector.fromArray(FLOATS, block, at + LANES), s1);
        s2 = score.fma(FloatVector.fromArray(FLOATS, block, at + 2 * LANES), s2);
        s3 = score.fma(FloatVector.fromArray(FLOATS, block, at + 3 * LANES), s3);
      }
      s0.mul(factor).intoArray(out, outOffset + d);
      s1.mul(factor).intoArray(out, outOffset + d + LANES);
      s2.mul(factor).intoArray(out, outOffset + d + 2 * LANES);
      s3.mul(factor).intoArray(out, outOffset + d + 3 * LANES);
    }
    for (; d + LANES <= headSize; d += LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int p = 0; p < length; p++) {
        int at = head + p % GROUP * headSize + d;
        sum =
            FloatVector.broadcast(FLOATS, scores[p])
                .fma(FloatVector.fromArray(FLOATS, values[blockTable[p / GROUP]], at), sum);
      }
      sum.mul(factor).intoArray(out, outOffset + d);
    }
    for (; d < headSize; d++) {
      float sum = 0;
      for (int p = 0; p < length; p++) {
        int at = head + p % GROUP * headSize + d;
        sum = Math.fma(scores[p], values[blockTable[p / GROUP]][at], sum);
      }
      out[outOffset + d] = sum * factor;
    }
  }
}

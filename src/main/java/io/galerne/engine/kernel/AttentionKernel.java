package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.PackedMatrix.GROUP;
import static io.galerne.engine.kernel.VectorLanes.FLOATS;
import static io.galerne.engine.kernel.VectorLanes.LANES;
import static io.galerne.engine.kernel.VectorLanes.PARTS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention of the heads that share a key head, in three passes over the cache's blocks of 16
 * positions. Half floats are unpacked a few blocks at a time into memory that stays in the first
 * cache, once for all heads.
 */
record AttentionKernel(
    int[] blockTable, int head, int headSize, int heads, float[] scores, float[] unpacked) {
  /** Blocks that are unpacked at a time. */
  static final int BLOCKS = 4;

  /** Score vectors that advance together. */
  private static final int CHAINS = 4;

  /**
   * {@code scores[head][p] = query[head] . key[p]} of the blocks from {@code firstBlock} on.
   *
   * @param stride scores of a head
   */
  void scores(float[] query, int queryOffset, short[][] keys, int firstBlock, int stride) {
    int size = headSize * GROUP;
    int blocks = stride / GROUP;
    for (int block = 0; block < blocks; block += BLOCKS) {
      int count = Math.min(BLOCKS, blocks - block);
      for (int i = 0; i < count; i++) {
        unpack(keys[blockTable[firstBlock + block + i]], head * size, unpacked, i * size, size);
      }
      for (int h = 0; h < heads; h++) {
        dot(
            query,
            queryOffset + h * headSize,
            headSize,
            unpacked,
            count * PARTS,
            scores,
            h * stride + block * GROUP);
      }
    }
  }

  /** Half floats to floats; a loop of this form becomes the machine's own conversion. */
  private static void unpack(short[] halves, int from, float[] out, int to, int count) {
    for (int i = 0; i < count; i++) {
      out[to + i] = Float.float16ToFloat(halves[from + i]);
    }
  }

  /**
   * One query with so many vectors of positions: a lane for each position.
   *
   * @param keys {@code [block][headSize][16]}
   */
  private static void dot(
      float[] query,
      int queryOffset,
      int headSize,
      float[] keys,
      int vectors,
      float[] scores,
      int scoresOffset) {
    int last = vectors - 1;
    for (int vector = 0; vector < vectors; vector += CHAINS) {
      int v1 = Math.min(vector + 1, last);
      int v2 = Math.min(vector + 2, last);
      int v3 = Math.min(vector + 3, last);
      int o0 = vector / PARTS * headSize * GROUP + vector % PARTS * LANES;
      int o1 = v1 / PARTS * headSize * GROUP + v1 % PARTS * LANES;
      int o2 = v2 / PARTS * headSize * GROUP + v2 % PARTS * LANES;
      int o3 = v3 / PARTS * headSize * GROUP + v3 % PARTS * LANES;
      FloatVector s0 = FloatVector.zero(FLOATS);
      FloatVector s1 = FloatVector.zero(FLOATS);
      FloatVector s2 = FloatVector.zero(FLOATS);
      FloatVector s3 = FloatVector.zero(FLOATS);
      for (int d = 0; d < headSize; d++) {
        FloatVector q = FloatVector.broadcast(FLOATS, query[queryOffset + d]);
        int at = d * GROUP;
        s0 = q.fma(FloatVector.fromArray(FLOATS, keys, o0 + at), s0);
        s1 = q.fma(FloatVector.fromArray(FLOATS, keys, o1 + at), s1);
        s2 = q.fma(FloatVector.fromArray(FLOATS, keys, o2 + at), s2);
        s3 = q.fma(FloatVector.fromArray(FLOATS, keys, o3 + at), s3);
      }
      s0.intoArray(scores, scoresOffset + vector * LANES);
      s1.intoArray(scores, scoresOffset + v1 * LANES);
      s2.intoArray(scores, scoresOffset + v2 * LANES);
      s3.intoArray(scores, scoresOffset + v3 * LANES);
    }
  }

  /**
   * Replaces scores by e^(score - max) and returns their sum, added in sixteen strided partials.
   */
  static float softmax(float[] scores, int offset, int padded) {
    FloatVector max = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    for (int p = 0; p < padded; p += LANES) {
      max = max.max(FloatVector.fromArray(FLOATS, scores, offset + p));
    }
    FloatVector highest = FloatVector.broadcast(FLOATS, max.reduceLanes(VectorOperators.MAX));
    float[] partial = new float[GROUP];
    for (int part = 0; part < GROUP; part += LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int p = offset + part; p < offset + padded; p += GROUP) {
        FloatVector e = VectorLanes.exp(FloatVector.fromArray(FLOATS, scores, p).sub(highest));
        e.intoArray(scores, p);
        sum = sum.add(e);
      }
      sum.intoArray(partial, part);
    }
    return ScalarKernels.treeSum(partial);
  }

  /**
   * {@code out[head][d] = sum over p of scores[head][p] * value[p][d]}.
   *
   * @param from first position; earlier ones of its block are left out
   * @param to end of the positions, exclusive
   */
  void weightedSums(short[][] values, int from, int to, int stride, float[] out, int outOffset) {
    int size = headSize * GROUP;
    int base = from / GROUP * GROUP;
    Arrays.fill(out, outOffset, outOffset + heads * headSize, 0);
    for (int first = base; first < to; first += BLOCKS * GROUP) {
      int end = Math.min(to, first + BLOCKS * GROUP);
      for (int p = first; p < end; p += GROUP) {
        unpack(values[blockTable[p / GROUP]], head * size, unpacked, (p - first) * headSize, size);
      }
      int skip = Math.max(from - first, 0);
      for (int h = 0; h < heads; h++) {
        addWeighted(
            unpacked,
            headSize,
            scores,
            h * stride + first - base,
            skip,
            end - first,
            out,
            outOffset + h * headSize);
      }
    }
  }

  /** Adds positions {@code [from, to)} of {@code values} to {@code out}, a lane per dimension. */
  private static void addWeighted(
      float[] values,
      int headSize,
      float[] scores,
      int scoresOffset,
      int from,
      int to,
      float[] out,
      int outOffset) {
    int d = 0;
    for (; d + 4 * LANES <= headSize; d += 4 * LANES) {
      FloatVector s0 = FloatVector.fromArray(FLOATS, out, outOffset + d);
      FloatVector s1 = FloatVector.fromArray(FLOATS, out, outOffset + d + LANES);
      FloatVector s2 = FloatVector.fromArray(FLOATS, out, outOffset + d + 2 * LANES);
      FloatVector s3 = FloatVector.fromArray(FLOATS, out, outOffset + d + 3 * LANES);
      for (int p = from; p < to; p++) {
        int at = p * headSize + d;
        FloatVector score = FloatVector.broadcast(FLOATS, scores[scoresOffset + p]);
        s0 = score.fma(FloatVector.fromArray(FLOATS, values, at), s0);
        s1 = score.fma(FloatVector.fromArray(FLOATS, values, at + LANES), s1);
        s2 = score.fma(FloatVector.fromArray(FLOATS, values, at + 2 * LANES), s2);
        s3 = score.fma(FloatVector.fromArray(FLOATS, values, at + 3 * LANES), s3);
      }
      s0.intoArray(out, outOffset + d);
      s1.intoArray(out, outOffset + d + LANES);
      s2.intoArray(out, outOffset + d + 2 * LANES);
      s3.intoArray(out, outOffset + d + 3 * LANES);
    }
    for (; d + LANES <= headSize; d += LANES) {
      FloatVector sum = FloatVector.fromArray(FLOATS, out, outOffset + d);
      for (int p = from; p < to; p++) {
        sum =
            FloatVector.broadcast(FLOATS, scores[scoresOffset + p])
                .fma(FloatVector.fromArray(FLOATS, values, p * headSize + d), sum);
      }
      sum.intoArray(out, outOffset + d);
    }
    for (; d < headSize; d++) {
      float sum = out[outOffset + d];
      for (int p = from; p < to; p++) {
        sum = Math.fma(scores[scoresOffset + p], values[p * headSize + d], sum);
      }
      out[outOffset + d] = sum;
    }
  }
}

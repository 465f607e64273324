package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.PackedMatrix.GROUP;
import static io.galerne.engine.kernel.VectorLanes.FLOATS;
import static io.galerne.engine.kernel.VectorLanes.LANES;
import static io.galerne.engine.kernel.VectorLanes.PARTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention's passes in the Vector API. Half floats are unpacked a few blocks at a time into memory
 * that stays in the first cache, once for all tokens and heads; of these queries two at a time
 * share what is read of it.
 */
final class AttentionKernel implements AttentionPasses {
  /** Score vectors that advance together. */
  private static final int CHAINS = 4;

  @Override
  public void scores(AttentionUnit unit, HalfBlocks keys) {
    float[] unpacked = unit.scratch();
    int headSize = unit.headSize();
    int size = headSize * GROUP;
    int blocks = unit.blocks();
    for (int block = 0; block < blocks; block += AttentionUnit.BLOCKS) {
      int count = Math.min(AttentionUnit.BLOCKS, blocks - block);
      for (int i = 0; i < count; i++) {
        short[] halves = keys.array(unit.block(block + i));
        unpack(halves, unit.kvHead() * size, unpacked, i * size, size);
      }
      for (int q = 0; q < unit.count(); q += 2) {
        // The last of an odd number is its own neighbour.
        int other = Math.min(q + 1, unit.count() - 1);
        dot(
            unit.queries(),
            unit.head(q),
            unit.head(other),
            headSize,
            unpacked,
            count * PARTS,
            unit.scores(),
            q * unit.padded() + block * GROUP,
            other * unit.padded() + block * GROUP);
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
   * Two queries with so many vectors of positions: a lane for each position.
   *
   * @param keys {@code [block][headSize][16]}
   */
  private static void dot(
      float[] query,
      int query0,
      int query1,
      int headSize,
      float[] keys,
      int vectors,
      float[] scores,
      int scores0,
      int scores1) {
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
      FloatVector t0 = FloatVector.zero(FLOATS);
      FloatVector t1 = FloatVector.zero(FLOATS);
      FloatVector t2 = FloatVector.zero(FLOATS);
      FloatVector t3 = FloatVector.zero(FLOATS);
      for (int d = 0; d < headSize; d++) {
        FloatVector q = FloatVector.broadcast(FLOATS, query[query0 + d]);
        FloatVector r = FloatVector.broadcast(FLOATS, query[query1 + d]);
        int at = d * GROUP;
        FloatVector key = FloatVector.fromArray(FLOATS, keys, o0 + at);
        s0 = q.fma(key, s0);
        t0 = r.fma(key, t0);
        key = FloatVector.fromArray(FLOATS, keys, o1 + at);
        s1 = q.fma(key, s1);
        t1 = r.fma(key, t1);
        key = FloatVector.fromArray(FLOATS, keys, o2 + at);
        s2 = q.fma(key, s2);
        t2 = r.fma(key, t2);
        key = FloatVector.fromArray(FLOATS, keys, o3 + at);
        s3 = q.fma(key, s3);
        t3 = r.fma(key, t3);
      }
      s0.intoArray(scores, scores0 + vector * LANES);
      s1.intoArray(scores, scores0 + v1 * LANES);
      s2.intoArray(scores, scores0 + v2 * LANES);
      s3.intoArray(scores, scores0 + v3 * LANES);
      t0.intoArray(scores, scores1 + vector * LANES);
      t1.intoArray(scores, scores1 + v1 * LANES);
      t2.intoArray(scores, scores1 + v2 * LANES);
      t3.intoArray(scores, scores1 + v3 * LANES);
    }
  }

  /**
   * Replaces scores by e^(score - max) and returns their sum, added in sixteen strided partials,
   * for which there is room in {@code sums} from {@code at} on.
   */
  static float softmax(float[] scores, int offset, int padded, float[] sums, int at) {
    FloatVector max = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    for (int p = 0; p < padded; p += LANES) {
      max = max.max(FloatVector.fromArray(FLOATS, scores, offset + p));
    }
    FloatVector highest = FloatVector.broadcast(FLOATS, max.reduceLanes(VectorOperators.MAX));
    for (int part = 0; part < GROUP; part += LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int p = offset + part; p < offset + padded; p += GROUP) {
        FloatVector e = VectorLanes.exp(FloatVector.fromArray(FLOATS, scores, p).sub(highest));
        e.intoArray(scores, p);
        sum = sum.add(e);
      }
      sum.intoArray(sums, at + part);
    }
    return ScalarKernels.treeSum(sums, at);
  }

  @Override
  public void weightedSums(AttentionUnit unit, HalfBlocks values) {
    float[] unpacked = unit.scratch();
    int size = unit.headSize() * GROUP;
    int queries = unit.count();
    for (int first = 0; first < unit.blocks(); first += AttentionUnit.BLOCKS) {
      int count = Math.min(AttentionUnit.BLOCKS, unit.blocks() - first);
      for (int i = 0; i < count; i++) {
        short[] halves = values.array(unit.block(first + i));
        unpack(halves, unit.kvHead() * size, unpacked, i * size, size);
      }
      int row = first * GROUP;
      int end = count * GROUP;
      for (int q = 0; q < queries; q += 2) {
        int token = q / unit.heads();
        int from = Math.max(unit.from(token) - row, 0);
        int to = Math.min(unit.to(token) - row, end);
        if (q + 1 == queries) {
          addWeighted(unit, q, row, from, to);
          continue;
        }
        int next = (q + 1) / unit.heads();
        int nextFrom = Math.max(unit.from(next) - row, 0);
        int nextTo = Math.min(unit.to(next) - row, end);
        // The second of the two never begins or ends before the first.
        addWeighted(unit, q, row, from, Math.min(nextFrom, to));
        addPair(unit, q, row, nextFrom, to);
        addWeighted(unit, q + 1, row, Math.max(nextFrom, to), nextTo);
      }
    }
  }

  private static void addWeighted(AttentionUnit unit, int q, int row, int from, int to) {
    if (from < to) {
      int offset = q * unit.padded() + row;
      addWeighted(
          unit.scratch(),
          unit.headSize(),
          0,
          unit.scores(),
          offset,
          from,
          to,
          unit.results(),
          unit.head(q));
    }
  }

  private static void addPair(AttentionUnit unit, int q, int row, int from, int to) {
    if (from < to) {
      int headSize = unit.headSize();
      float[] scores = unit.scores();
      float[] out = unit.results();
      int scores0 = q * unit.padded() + row;
      int scores1 = scores0 + unit.padded();
      int out0 = unit.head(q);
      int out1 = unit.head(q + 1);
      float[] unpacked = unit.scratch();
      int d = addPair(unpacked, headSize, scores, scores0, scores1, from, to, out, out0, out1);
      addWeighted(unpacked, headSize, d, scores, scores0, from, to, out, out0);
      addWeighted(unpacked, headSize, d, scores, scores1, from, to, out, out1);
    }
  }

  /**
   * Adds positions {@code [from, to)} for two queries, four vectors of dimensions at a time.
   *
   * @return the dimensions that are done
   */
  private static int addPair(
      float[] values,
      int headSize,
      float[] scores,
      int scores0,
      int scores1,
      int from,
      int to,
      float[] out,
      int out0,
      int out1) {
    int d = 0;
    for (; d + 4 * LANES <= headSize; d += 4 * LANES) {
      FloatVector s0 = FloatVector.fromArray(FLOATS, out, out0 + d);
      FloatVector s1 = FloatVector.fromArray(FLOATS, out, out0 + d + LANES);
      FloatVector s2 = FloatVector.fromArray(FLOATS, out, out0 + d + 2 * LANES);
      FloatVector s3 = FloatVector.fromArray(FLOATS, out, out0 + d + 3 * LANES);
      FloatVector t0 = FloatVector.fromArray(FLOATS, out, out1 + d);
      FloatVector t1 = FloatVector.fromArray(FLOATS, out, out1 + d + LANES);
      FloatVector t2 = FloatVector.fromArray(FLOATS, out, out1 + d + 2 * LANES);
      FloatVector t3 = FloatVector.fromArray(FLOATS, out, out1 + d + 3 * LANES);
      for (int p = from; p < to; p++) {
        int at = p * headSize + d;
        FloatVector score = FloatVector.broadcast(FLOATS, scores[scores0 + p]);
        FloatVector other = FloatVector.broadcast(FLOATS, scores[scores1 + p]);
        FloatVector value = FloatVector.fromArray(FLOATS, values, at);
        s0 = score.fma(value, s0);
        t0 = other.fma(value, t0);
        value = FloatVector.fromArray(FLOATS, values, at + LANES);
        s1 = score.fma(value, s1);
        t1 = other.fma(value, t1);
        value = FloatVector.fromArray(FLOATS, values, at + 2 * LANES);
        s2 = score.fma(value, s2);
        t2 = other.fma(value, t2);
        value = FloatVector.fromArray(FLOATS, values, at + 3 * LANES);
        s3 = score.fma(value, s3);
        t3 = other.fma(value, t3);
      }
      s0.intoArray(out, out0 + d);
      s1.intoArray(out, out0 + d + LANES);
      s2.intoArray(out, out0 + d + 2 * LANES);
      s3.intoArray(out, out0 + d + 3 * LANES);
      t0.intoArray(out, out1 + d);
      t1.intoArray(out, out1 + d + LANES);
      t2.intoArray(out, out1 + d + 2 * LANES);
      t3.intoArray(out, out1 + d + 3 * LANES);
    }
    return d;
  }

  /** Adds positions {@code [from, to)} of {@code values} to {@code out}, a lane per dimension. */
  private static void addWeighted(
      float[] values,
      int headSize,
      int firstDimension,
      float[] scores,
      int scoresOffset,
      int from,
      int to,
      float[] out,
      int outOffset) {
    int d = firstDimension;
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

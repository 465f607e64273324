package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.PackedMatrix.GROUP;

import java.lang.foreign.MemorySegment;

/** The specification: plain loops, one output element after another. */
public final class ScalarKernels implements Kernels {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void multiply(
      PackedMatrix weight,
      int fromGroup,
      int toGroup,
      Activations x,
      float[] out,
      int offset,
      int stride,
      boolean accumulate,
      float[] scratch) {
    int toRow = Math.min(toGroup * GROUP, weight.rows());
    for (int token = 0; token < x.tokens(); token++) {
      for (int row = fromGroup * GROUP; row < toRow; row++) {
        int index = token * stride + offset + row;
        float product = dot(weight, row, x, token);
        out[index] = accumulate ? out[index] + product : product;
      }
    }
  }

  private static float dot(PackedMatrix weight, int row, Activations x, int token) {
    WeightFormat format = weight.format();
    MemorySegment data = weight.data();
    int width = x.width();
    int tile = token / width * width;
    long at = row / GROUP * weight.groupBytes();
    int lane = row % GROUP;
    float total = 0;
    for (int block = 0; block < weight.blocks(); block++, at += format.blockBytes()) {
      float sum = 0;
      for (int k = 0; k < format.columns(); k++) {
        int column = block * format.columns() + k;
        float value = x.values()[(tile * x.paddedSize()) + column * width + token % width];
        sum = Math.fma(PackedRows.number(format, data, at, lane, k), value, sum);
      }
      if (!format.hasScale()) {
        total += sum;
        continue;
      }
      total = Math.fma(sum, PackedRows.scale(format, data, at, lane), total);
      if (format.isShifted()) {
        int index = tile * x.blocks(format.columns()) + block * width + token % width;
        float xSum = format.sumFactor() * x.sums(format.columns())[index];
        total = Math.fma(xSum, PackedRows.shift(format, data, at, lane), total);
      }
    }
    return total;
  }

  @Override
  public void rmsNorm(
      float[] x,
      int offset,
      float[] weight,
      float epsilon,
      float[] out,
      int outOffset,
      float[] scratch) {
    int size = weight.length;
    float[] partial = new float[GROUP];
    for (int i = 0; i < size; i++) {
      partial[i % GROUP] = Math.fma(x[offset + i], x[offset + i], partial[i % GROUP]);
    }
    float scale = normScale(treeSum(partial, 0), size, epsilon);
    for (int i = 0; i < size; i++) {
      out[outOffset + i] = x[offset + i] * scale * weight[i];
    }
  }

  static float normScale(float squares, int size, float epsilon) {
    return (float) (1 / Math.sqrt(squares / size + epsilon));
  }

  /**
   * Adds sixteen partial sums pairwise: the order that every kernel keeps.
   *
   * @param sums from {@code offset} on, overwritten
   */
  static float treeSum(float[] sums, int offset) {
    for (int half = GROUP / 2; half > 0; half /= 2) {
      for (int i = offset; i < offset + half; i++) {
        sums[i] += sums[i + half];
      }
    }
    return sums[offset];
  }

  @Override
  public void siluMultiply(float[] gate, int gateOffset, float[] up, int upOffset, int size) {
    for (int i = 0; i < size; i++) {
      float g = gate[gateOffset + i];
      gate[gateOffset + i] = g / (1 + Exponential.exp(-g)) * up[upOffset + i];
    }
  }

  @Override
  public void attend(AttentionUnit unit, HalfBlocks keys, HalfBlocks values) {
    for (int q = 0; q < unit.count(); q++) {
      int token = q / unit.heads();
      int head = unit.head(q);
      float total = scores(unit, head, keys, unit.from(token), unit.to(token));
      weightedSum(unit, values, unit.from(token), unit.to(token), 1 / total, head);
    }
  }

  /** Leaves e^(score - max) in {@code scores} and returns their sum. */
  private static float scores(AttentionUnit unit, int offset, HalfBlocks keys, int from, int to) {
    int headSize = unit.headSize();
    int base = unit.kvHead() * headSize * GROUP;
    float[] scores = unit.scores();
    float max = Float.NEGATIVE_INFINITY;
    for (int p = from; p < to; p++) {
      short[] block = keys.array(unit.block(p / GROUP));
      float score = 0;
      for (int d = 0; d < headSize; d++) {
        float key = Float.float16ToFloat(block[base + d * GROUP + p % GROUP]);
        score = Math.fma(unit.queries()[offset + d], key, score);
      }
      scores[p - from] = score;
      max = Math.max(max, score);
    }
    float[] partial = new float[GROUP];
    for (int p = from; p < to; p++) {
      scores[p - from] = Exponential.exp(scores[p - from] - max);
      partial[p % GROUP] += scores[p - from];
    }
    return treeSum(partial, 0);
  }

  private static void weightedSum(
      AttentionUnit unit, HalfBlocks values, int from, int to, float factor, int offset) {
    int headSize = unit.headSize();
    int base = unit.kvHead() * headSize * GROUP;
    float[] scores = unit.scores();
    for (int d = 0; d < headSize; d++) {
      float sum = 0;
      for (int p = from; p < to; p++) {
        short[] block = values.array(unit.block(p / GROUP));
        float value = Float.float16ToFloat(block[base + p % GROUP * headSize + d]);
        sum = Math.fma(scores[p - from], value, sum);
      }
      unit.results()[offset + d] = sum * factor;
    }
  }

  @Override
  public int argMax(float[] logits, int offset, int size) {
    int best = 0;
    for (int i = 1; i < size; i++) {
      if (logits[offset + i] > logits[offset + best]) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public void exponentials(
      float[] logits, int offset, int size, float max, float factor, float[] out) {
    for (int i = 0; i < size; i++) {
      out[i] = Exponential.exp((logits[offset + i] - max) * factor);
    }
  }
}

package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.PackedMatrix.GROUP;
import static io.galerne.engine.kernel.VectorLanes.FLOATS;
import static io.galerne.engine.kernel.VectorLanes.LANES;
import static io.galerne.engine.kernel.VectorLanes.broadcast;
import static io.galerne.engine.kernel.VectorLanes.load;

import jdk.incubator.vector.FloatVector;

/** The portable default: the Vector API, with the bits of {@link ScalarKernels}. */
public final class VectorKernels implements Kernels {
  private final AttentionKernel attention = new AttentionKernel();

  @Override
  public String name() {
    return "vector-" + FLOATS.vectorBitSize();
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
    TileKernel kernel = TileKernel.of(weight.format());
    MatrixProduct.multiply(
        kernel, weight, fromGroup, toGroup, x, out, offset, stride, accumulate, scratch);
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
    int whole = size - size % GROUP;
    for (int part = 0; part < GROUP; part += LANES) {
      FloatVector sum = VectorLanes.zero();
      for (int i = part; i < whole; i += GROUP) {
        FloatVector value = load(x, offset + i);
        sum = value.fma(value, sum);
      }
      sum.intoArray(scratch, part);
    }
    for (int i = whole; i < size; i++) {
      scratch[i - whole] = Math.fma(x[offset + i], x[offset + i], scratch[i - whole]);
    }
    float scale = ScalarKernels.normScale(ScalarKernels.treeSum(scratch, 0), size, epsilon);
    int vectors = FLOATS.loopBound(size);
    for (int i = 0; i < vectors; i += LANES) {
      load(x, offset + i).mul(scale).mul(load(weight, i)).intoArray(out, outOffset + i);
    }
    for (int i = vectors; i < size; i++) {
      out[outOffset + i] = x[offset + i] * scale * weight[i];
    }
  }

  @Override
  public void siluMultiply(float[] gate, int gateOffset, float[] up, int upOffset, int size) {
    int vectors = FLOATS.loopBound(size);
    for (int i = 0; i < vectors; i += LANES) {
      FloatVector g = load(gate, gateOffset + i);
      FloatVector silu = g.div(VectorLanes.exp(g.neg()).add(1));
      silu.mul(load(up, upOffset + i)).intoArray(gate, gateOffset + i);
    }
    for (int i = vectors; i < size; i++) {
      float g = gate[gateOffset + i];
      gate[gateOffset + i] = g / (1 + Exponential.exp(-g)) * up[upOffset + i];
    }
  }

  @Override
  public void attend(AttentionUnit unit, HalfBlocks keys, HalfBlocks values) {
    unit.attend(attention, keys, values);
  }

  @Override
  public int argMax(float[] logits, int offset, int size) {
    int vectors = FLOATS.loopBound(size);
    FloatVector max = broadcast(Float.NEGATIVE_INFINITY);
    for (int i = 0; i < vectors; i += LANES) {
      max = max.max(load(logits, offset + i));
    }
    float best = max.reduceLanes(jdk.incubator.vector.VectorOperators.MAX);
    for (int i = vectors; i < size; i++) {
      best = Math.max(best, logits[offset + i]);
    }
    int index = 0;
    while (index < size - 1 && logits[offset + index] != best) {
      index++;
    }
    return index;
  }

  @Override
  public void exponentials(
      float[] logits, int offset, int size, float max, float factor, float[] out) {
    int vectors = FLOATS.loopBound(size);
    for (int i = 0; i < vectors; i += LANES) {
      VectorLanes.exp(load(logits, offset + i).sub(max).mul(factor)).intoArray(out, i);
    }
    for (int i = vectors; i < size; i++) {
      out[i] = Exponential.exp((logits[offset + i] - max) * factor);
    }
  }
}

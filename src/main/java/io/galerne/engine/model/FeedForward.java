package io.galerne.engine.model;

import static io.galerne.engine.kernel.PackedMatrix.GROUP;

import io.galerne.engine.kernel.Activations;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.Kernels;

/** The gated feed-forward network: {@code down(silu(gate(x)) * up(x))} (Shazeer, 2020). */
final class FeedForward {
  /** Rows of whole blocks, so that they can be laid out as columns of the next product. */
  private static final int GROUPS_AT_ONCE = 4;

  private final LlamaConfig config;
  private final Kernels kernels;
  private final ComputePool pool;
  private final float[][] scratch;

  /** {@code [tokens][feedForward]}. */
  private final float[] gated;

  private final float[] raised;
  private final Activations gatedActivations;

  // What the call in progress works on.
  @SuppressWarnings("NullAway.Init")
  private LlamaWeights.Network weights;

  private Activations x = new Activations(0, 0);
  private float[] out = {};
  private int offset;
  private boolean accumulate;

  private final ComputePool.Task gate = this::gate;
  private final ComputePool.Task projectDown = this::projectDown;

  FeedForward(
      LlamaConfig config, Kernels kernels, ComputePool pool, float[][] scratch, int tokensMax) {
    this.config = config;
    this.kernels = kernels;
    this.pool = pool;
    this.scratch = scratch;
    this.gated = new float[Math.multiplyExact(tokensMax, config.feedForward())];
    this.raised = new float[gated.length];
    this.gatedActivations = new Activations(tokensMax, config.feedForward());
  }

  /**
   * Computes the network for every token.
   *
   * @param x the normalised states
   * @param out {@code [tokens][embedding]} from {@code offset}
   * @param accumulate adds to what is in {@code out} instead of replacing it
   */
  void compute(
      LlamaWeights.Network weights, Activations x, float[] out, int offset, boolean accumulate) {
    this.weights = weights;
    this.x = x;
    this.out = out;
    this.offset = offset;
    this.accumulate = accumulate;
    gatedActivations.shape(x.tokens(), config.feedForward());
    pool.run(weights.gate().groups(), GROUPS_AT_ONCE, gate);
    pool.run(weights.down().groups(), GROUPS_AT_ONCE, projectDown);
  }

  private void gate(int from, int to, int worker) {
    int size = config.feedForward();
    kernels.multiply(weights.gate(), from, to, x, gated, 0, size, false, scratch[worker]);
    kernels.multiply(weights.up(), from, to, x, raised, 0, size, false, scratch[worker]);
    int first = from * GROUP;
    int end = Math.min(to * GROUP, size);
    for (int i = 0; i < x.tokens(); i++) {
      int at = i * size + first;
      kernels.siluMultiply(gated, at, raised, at, end - first);
      gatedActivations.set(i, gated, i * size, first, end);
    }
  }

  private void projectDown(int from, int to, int worker) {
    int size = config.embedding();
    float[] memory = scratch[worker];
    kernels.multiply(
        weights.down(), from, to, gatedActivations, out, offset, size, accumulate, memory);
  }
}

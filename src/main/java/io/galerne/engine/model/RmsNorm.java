package io.galerne.engine.model;

import io.galerne.engine.kernel.Activations;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.kernel.PackedMatrix;

/**
 * Root mean square normalisation (Zhang and Sennrich, 2019) of a batch's states, laid out for the
 * matrix products that follow it.
 */
final class RmsNorm {
  private final int size;
  private final float epsilon;
  private final Kernels kernels;
  private final ComputePool pool;

  /** {@code [tokens][embedding]}: before the tokens are interleaved. */
  private final float[] rows;

  private final Activations activations;
  private final float[][] scratch;

  // What the call in progress works on.
  private float[] states = {};
  private float[] weight = {};
  private final ComputePool.Task normalise = this::normalise;

  RmsNorm(LlamaConfig config, Kernels kernels, ComputePool pool, int tokensMax) {
    this.size = config.embedding();
    this.epsilon = config.normEpsilon();
    this.kernels = kernels;
    this.pool = pool;
    this.rows = new float[Math.multiplyExact(tokensMax, size)];
    this.scratch = new float[pool.threads()][PackedMatrix.GROUP];
    this.activations = new Activations(tokensMax, size);
  }

  /**
   * Normalises all tokens.
   *
   * @param states {@code [tokens][embedding]}
   * @param weight {@code [embedding]}
   */
  void apply(float[] states, float[] weight, int tokens) {
    this.states = states;
    this.weight = weight;
    activations.shape(tokens, size);
    pool.run(tokens, Activations.TILE, normalise);
  }

  private void normalise(int from, int to, int worker) {
    for (int i = from; i < to; i++) {
      set(i, states, i, weight, scratch[worker]);
    }
  }

  /** Normalises the tokens whose logits a batch asks for. */
  void applyToLogitRows(float[] states, float[] weight, Batch batch) {
    activations.shape(batch.logitCount(), size);
    for (int i = 0; i < batch.logitCount(); i++) {
      set(i, states, batch.logitRow(i), weight, scratch[0]);
    }
  }

  private void set(int row, float[] states, int token, float[] weight, float[] scratch) {
    kernels.rmsNorm(states, token * size, weight, epsilon, rows, row * size, scratch);
    activations.set(row, rows, row * size);
  }

  /** What was normalised last, for a matrix product. */
  Activations activations() {
    return activations;
  }

  /** The same, {@code [tokens][embedding]}. */
  float[] rows() {
    return rows;
  }
}

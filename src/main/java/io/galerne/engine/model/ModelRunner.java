package io.galerne.engine.model;

import io.galerne.engine.kernel.Activations;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.kernel.PackedMatrix;
import io.galerne.engine.kernel.PackedRows;

/**
 * The forward pass. A step runs as a series of phases, each shared out over the pool: by rows for
 * matrix products, by tokens (in tiles) or by heads for the rest, never over a sum. So every number
 * comes out the same for any number of threads and any company in the batch.
 *
 * <p>Holds the working memory of a step, for one thread at a time.
 */
public final class ModelRunner {
  private static final int GROUPS_AT_ONCE = 4;

  private final LlamaConfig config;
  private final LlamaWeights weights;
  private final Kernels kernels;
  private final ComputePool pool;
  private final AttentionLayer attention;
  private final FeedForward feedForward;

  /** {@code [tokens][embedding]}: the residual stream. */
  private final float[] states;

  /** {@code [tokens][embedding]}: normalised states, before they are interleaved. */
  private final float[] normalised;

  private final Activations activations;
  private final float[][] scratch;

  /** {@code [sequences][vocabulary]}. */
  private final float[] logits;

  /**
   * @param tokensMax most tokens in a batch
   * @param logitsMax most tokens in a batch whose logits are asked for
   */
  public ModelRunner(
      LlamaConfig config,
      LlamaWeights weights,
      KvCache cache,
      Kernels kernels,
      ComputePool pool,
      int tokensMax,
      int logitsMax) {
    this.config = config;
    this.weights = weights;
    this.kernels = kernels;
    this.pool = pool;
    this.states = new float[Math.multiplyExact(tokensMax, config.embedding())];
    this.normalised = new float[states.length];
    this.activations = new Activations(Math.max(tokensMax, logitsMax), config.embedding());
    this.scratch = new float[pool.threads()][Kernels.SCRATCH];
    this.logits = new float[Math.multiplyExact(logitsMax, weights.vocabulary())];
    this.attention = new AttentionLayer(config, cache, kernels, pool, scratch, tokensMax);
    this.feedForward = new FeedForward(config, kernels, pool, scratch, tokensMax);
  }

  /** Computes a step; the logits asked for are in {@link #logits} until the next one. */
  public void forward(Batch batch) {
    int size = config.embedding();
    int tokens = batch.size();
    pool.run(
        tokens,
        Activations.TILE,
        (from, to, worker) -> {
          for (int i = from; i < to; i++) {
            PackedRows.read(weights.tokenEmbedding(), batch.token(i), states, i * size);
          }
        });
    for (int i = 0; i < config.layers(); i++) {
      LlamaWeights.Layer layer = weights.layers().get(i);
      normalise(layer.attentionNorm(), tokens);
      attention.addTo(states, batch, i, layer, activations);
      normalise(layer.feedForwardNorm(), tokens);
      feedForward.addTo(states, layer, activations);
    }
    if (batch.logitCount() > 0) {
      computeLogits(batch);
    }
  }

  /** {@code [rows][vocabulary]}, a row for each token whose logits were asked for. */
  public float[] logits() {
    return logits;
  }

  public int vocabulary() {
    return weights.vocabulary();
  }

  private void normalise(float[] norm, int tokens) {
    int size = config.embedding();
    activations.shape(tokens, size);
    pool.run(
        tokens,
        Activations.TILE,
        (from, to, worker) -> {
          for (int i = from; i < to; i++) {
            kernels.rmsNorm(states, i * size, norm, config.normEpsilon(), normalised, i * size);
            activations.set(i, normalised, i * size);
          }
        });
  }

  private void computeLogits(Batch batch) {
    int size = config.embedding();
    activations.shape(batch.logitCount(), size);
    for (int i = 0; i < batch.logitCount(); i++) {
      int state = batch.logitRow(i) * size;
      kernels.rmsNorm(
          states, state, weights.outputNorm(), config.normEpsilon(), normalised, i * size);
      activations.set(i, normalised, i * size);
    }
    PackedMatrix output = weights.output();
    pool.run(
        output.groups(),
        GROUPS_AT_ONCE,
        (from, to, worker) ->
            kernels.multiply(
                output, from, to, activations, logits, 0, output.rows(), false, scratch[worker]));
  }
}

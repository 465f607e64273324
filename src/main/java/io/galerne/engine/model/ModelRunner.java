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
  private final RmsNorm norm;
  private final AttentionLayer attention;
  private final FeedForward feedForward;
  private final MoeLayer mixture;

  /** {@code [tokens][embedding]}: the residual stream. */
  private final float[] states;

  private final float[][] scratch;

  /** {@code [sequences][vocabulary]}. */
  private final float[] logits;

  /** The step in progress. */
  private Batch batch = new Batch(0);

  private final ComputePool.Task readTokens = this::readTokens;
  private final ComputePool.Task multiplyByOutput = this::multiplyByOutput;

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
    this.scratch = new float[pool.threads()][Kernels.SCRATCH];
    this.logits = new float[Math.multiplyExact(logitsMax, weights.vocabulary())];
    this.norm = new RmsNorm(config, kernels, pool, Math.max(tokensMax, logitsMax));
    var rope =
        new Rope(config.rope(), weights.ropeFactors(), KvCache.positions(config, cache.blocks()));
    this.attention =
        new AttentionLayer(
            config, weights.layers(), rope, cache, kernels, pool, scratch, tokensMax);
    this.feedForward = new FeedForward(config, kernels, pool, scratch, tokensMax);
    int routedMax = config.experts() == 0 ? 0 : tokensMax;
    this.mixture = new MoeLayer(config, kernels, pool, feedForward, routedMax);
  }

  /** Computes a step; the logits asked for are in {@link #logits} until the next one. */
  public void forward(Batch batch) {
    this.batch = batch;
    int tokens = batch.size();
    pool.run(tokens, Activations.TILE, readTokens);
    for (int i = 0; i < config.layers(); i++) {
      LlamaWeights.Layer layer = weights.layers().get(i);
      norm.apply(states, layer.attentionNorm(), tokens);
      attention.addTo(states, batch, i, norm.activations());
      norm.apply(states, layer.feedForwardNorm(), tokens);
      switch (layer.feedForward()) {
        case LlamaWeights.Network network ->
            feedForward.compute(network, norm.activations(), states, 0, true);
        case LlamaWeights.Mixture experts -> mixture.addTo(states, experts, norm);
      }
    }
    if (batch.logitCount() > 0) {
      computeLogits();
    }
  }

  /** {@code [rows][vocabulary]}, a row for each token whose logits were asked for. */
  public float[] logits() {
    return logits;
  }

  public int vocabulary() {
    return weights.vocabulary();
  }

  private void readTokens(int from, int to, int worker) {
    for (int i = from; i < to; i++) {
      int state = i * config.embedding();
      PackedRows.read(weights.tokenEmbedding(), batch.token(i), states, state);
    }
  }

  private void computeLogits() {
    norm.applyToLogitRows(states, weights.outputNorm(), batch);
    pool.run(weights.output().groups(), GROUPS_AT_ONCE, multiplyByOutput);
  }

  private void multiplyByOutput(int from, int to, int worker) {
    PackedMatrix output = weights.output();
    float[] memory = scratch[worker];
    kernels.multiply(output, from, to, norm.activations(), logits, 0, output.rows(), false, memory);
  }
}

package io.galerne.engine.model;

import io.galerne.engine.kernel.Activations;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.Kernels;
import java.util.Arrays;

/**
 * A sparse mixture of experts in place of the feed-forward network (Shazeer et al., 2017; Mixtral:
 * Jiang et al., 2024). Tokens of a batch are grouped by expert, so that a step reads each expert's
 * weights once however many tokens chose it. An expert's outputs are kept apart and added up for
 * each token in the order of its own choices: the sum doesn't depend on who else is in the batch.
 *
 * <p>All tokens may choose the same experts: the memory is for that case and never grows.
 */
final class MoeLayer {
  private final int embedding;
  private final int experts;
  private final int used;
  private final ComputePool pool;
  private final ExpertRouter router;
  private final FeedForward feedForward;

  /** The tokens of the expert at hand. */
  private final Activations gathered;

  /** {@code [experts + 1]}: where each expert's assignments begin. */
  private final int[] starts;

  /** {@code [tokens * used]}: tokens, grouped by expert, in order of the batch within a group. */
  private final int[] tokensOf;

  /** {@code [tokens][used]}: the place of a token's choice among the assignments. */
  private final int[] places;

  /** {@code [tokens * used][embedding]}, in the order of the assignments. */
  private final float[] outputs;

  // What the call in progress works on.
  private float[] states = {};
  private float[] rows = {};
  private int start;
  private final ComputePool.Task addChoices = this::addChoices;
  private final ComputePool.Task gather = this::gather;

  MoeLayer(
      LlamaConfig config,
      Kernels kernels,
      ComputePool pool,
      FeedForward feedForward,
      int tokensMax) {
    this.embedding = config.embedding();
    this.experts = config.experts();
    this.used = config.expertsUsed();
    this.pool = pool;
    this.router = new ExpertRouter(config, kernels, tokensMax);
    this.feedForward = feedForward;
    this.gathered = new Activations(tokensMax, embedding);
    this.starts = new int[experts + 1];
    this.tokensOf = new int[Math.multiplyExact(tokensMax, used)];
    this.places = new int[tokensOf.length];
    this.outputs = new float[Math.multiplyExact(tokensOf.length, embedding)];
  }

  /**
   * Adds the mixture's output to the residual stream.
   *
   * @param states {@code [tokens][embedding]}
   * @param norm the normalised states
   */
  void addTo(float[] states, LlamaWeights.Mixture weights, RmsNorm norm) {
    this.states = states;
    this.rows = norm.rows();
    int tokens = norm.activations().tokens();
    router.route(weights.router(), norm.activations());
    group(tokens);
    for (int expert = 0; expert < experts; expert++) {
      start = starts[expert];
      int count = starts[expert + 1] - start;
      if (count > 0) {
        gathered.shape(count, embedding);
        pool.run(count, Activations.TILE, gather);
        feedForward.compute(
            weights.experts().get(expert), gathered, outputs, start * embedding, false);
      }
    }
    pool.run(tokens, 1, addChoices);
  }

  /** A counting sort by expert. */
  private void group(int tokens) {
    Arrays.fill(starts, 0);
    for (int token = 0; token < tokens; token++) {
      for (int rank = 0; rank < used; rank++) {
        starts[router.expert(token, rank) + 1]++;
      }
    }
    for (int expert = 0; expert < experts; expert++) {
      starts[expert + 1] += starts[expert];
    }
    for (int token = 0; token < tokens; token++) {
      for (int rank = 0; rank < used; rank++) {
        // Moves each start to its end, which is the next expert's start.
        int place = starts[router.expert(token, rank)]++;
        tokensOf[place] = token;
        places[token * used + rank] = place;
      }
    }
    System.arraycopy(starts, 0, starts, 1, experts);
    starts[0] = 0;
  }

  private void gather(int from, int to, int worker) {
    for (int i = from; i < to; i++) {
      gathered.set(i, rows, tokensOf[start + i] * embedding);
    }
  }

  private void addChoices(int from, int to, int worker) {
    for (int token = from; token < to; token++) {
      addChoices(token);
    }
  }

  private void addChoices(int token) {
    int state = token * embedding;
    for (int rank = 0; rank < used; rank++) {
      float weight = router.weight(token, rank);
      int output = places[token * used + rank] * embedding;
      for (int i = 0; i < embedding; i++) {
        states[state + i] = Math.fma(weight, outputs[output + i], states[state + i]);
      }
    }
  }
}

package io.galerne.engine.model;

import io.galerne.engine.kernel.Activations;
import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.kernel.PackedMatrix;

/**
 * Chooses the experts of each token as Mixtral does (Jiang et al., 2024): the likeliest by softmax
 * over all, weighted by their probabilities divided by the sum of those chosen. Of equally likely
 * experts the lower index wins, so that a choice is one for every machine.
 */
final class ExpertRouter {
  private final int experts;
  private final int used;
  private final Kernels kernels;
  private final float[] scratch = new float[Kernels.SCRATCH];

  /** {@code [tokens][experts]}. */
  private final float[] logits;

  /** {@code [experts]}, for the token at hand. */
  private final float[] probabilities;

  /** {@code [tokens][used]}, likeliest first. */
  private final int[] chosen;

  private final float[] weights;

  ExpertRouter(LlamaConfig config, Kernels kernels, int tokensMax) {
    this.experts = config.experts();
    this.used = config.expertsUsed();
    this.kernels = kernels;
    this.logits = new float[Math.multiplyExact(tokensMax, experts)];
    this.probabilities = new float[experts];
    this.chosen = new int[Math.multiplyExact(tokensMax, used)];
    this.weights = new float[chosen.length];
  }

  /**
   * Routes a batch.
   *
   * @param router {@code [experts x embedding]}
   */
  void route(PackedMatrix router, Activations x) {
    kernels.multiply(router, 0, router.groups(), x, logits, 0, experts, false, scratch);
    for (int token = 0; token < x.tokens(); token++) {
      softmax(token * experts);
      choose(token * used);
    }
  }

  /** The expert of a token's {@code rank}-th choice. */
  int expert(int token, int rank) {
    return chosen[token * used + rank];
  }

  float weight(int token, int rank) {
    return weights[token * used + rank];
  }

  private void softmax(int row) {
    float max = logits[row];
    for (int i = 1; i < experts; i++) {
      max = Math.max(max, logits[row + i]);
    }
    kernels.exponentials(logits, row, experts, max, 1, probabilities);
    float total = 0;
    for (float exponential : probabilities) {
      total += exponential;
    }
    for (int i = 0; i < experts; i++) {
      probabilities[i] /= total;
    }
  }

  private void choose(int row) {
    float sum = 0;
    for (int rank = 0; rank < used; rank++) {
      int best = -1;
      for (int i = 0; i < experts; i++) {
        if (!isChosen(row, rank, i) && (best < 0 || probabilities[i] > probabilities[best])) {
          best = i;
        }
      }
      chosen[row + rank] = best;
      weights[row + rank] = probabilities[best];
      sum += probabilities[best];
    }
    for (int rank = 0; rank < used; rank++) {
      weights[row + rank] /= sum;
    }
  }

  private boolean isChosen(int row, int ranks, int expert) {
    for (int rank = 0; rank < ranks; rank++) {
      if (chosen[row + rank] == expert) {
        return true;
      }
    }
    return false;
  }
}

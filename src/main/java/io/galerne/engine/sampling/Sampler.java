package io.galerne.engine.sampling;

import io.galerne.engine.kernel.Kernels;
import java.util.Arrays;

/**
 * Chooses the next token from logits: the most likely one at temperature 0, otherwise a draw from
 * the nucleus (Holtzman et al., 2020). Holds scratch memory, for one thread.
 */
public final class Sampler {
  private final Kernels kernels;

  /** {@code [vocabulary]}: unnormalised probabilities. */
  private final float[] weights;

  /** {@code [vocabulary]}: probability and token of nucleus candidates, sortable as numbers. */
  private final long[] candidates;

  /** The logits of allowed tokens side by side, and which tokens they are; made when needed. */
  private float[] allowedLogits = new float[0];

  private int[] allowedTokens = new int[0];

  private final LogitAdjuster adjuster;

  /** A sampler for a vocabulary in which no token ends an answer. */
  public Sampler(Kernels kernels, int vocabulary) {
    this(kernels, vocabulary, new int[0]);
  }

  /**
   * @param endings the tokens that end an answer
   */
  public Sampler(Kernels kernels, int vocabulary, int[] endings) {
    this.kernels = kernels;
    this.adjuster = new LogitAdjuster(vocabulary, endings);
    this.weights = new float[vocabulary];
    this.candidates = new long[vocabulary];
  }

  /**
   * Logits changed as a request asks, {@code [vocabulary]} from 0; valid until the next call.
   *
   * @param logits {@code [vocabulary]} from {@code offset}
   */
  public float[] adjusted(
      float[] logits, int offset, Adjustments adjustments, TokenHistory history) {
    return adjuster.adjust(logits, offset, adjustments, history);
  }

  /**
   * What the model thinks of a token and of the likeliest ones.
   *
   * @param logits {@code [vocabulary]} from {@code offset}
   * @param top how many of the likeliest
   */
  public Logprobs logprobs(float[] logits, int offset, int token, int top) {
    int size = weights.length;
    float max = logits[offset + kernels.argMax(logits, offset, size)];
    kernels.exponentials(logits, offset, size, max, 1, weights);
    double total = 0;
    for (int i = 0; i < size; i++) {
      total += weights[i];
    }
    double log = max + StrictMath.log(total);
    int[] tokens = Likeliest.of(logits, offset, size, top);
    double[] values = new double[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      values[i] = logits[offset + tokens[i]] - log;
    }
    return new Logprobs(logits[offset + token] - log, tokens, values);
  }

  /**
   * The next token.
   *
   * @param logits {@code [vocabulary]} from {@code offset}
   * @param draw how many tokens the sequence drew before: the counter of its random numbers
   */
  public int sample(float[] logits, int offset, SamplingParams params, int draw) {
    return sample(logits, offset, weights.length, params, draw);
  }

  /**
   * The next token of those that are allowed, as if there were no others.
   *
   * @param allowed one bit for each token
   * @return the token, or -1 if none is allowed
   */
  public int sample(float[] logits, int offset, SamplingParams params, int draw, long[] allowed) {
    int count = gather(logits, offset, allowed);
    if (count <= 1) {
      return count == 0 ? -1 : allowedTokens[0];
    }
    return allowedTokens[sample(allowedLogits, 0, count, params, draw)];
  }

  /** Puts the allowed tokens side by side; returns how many there are. */
  private int gather(float[] logits, int offset, long[] allowed) {
    if (allowedTokens.length == 0) {
      allowedLogits = new float[weights.length];
      allowedTokens = new int[weights.length];
    }
    int count = 0;
    for (int word = 0; word < allowed.length; word++) {
      for (long left = allowed[word]; left != 0; left &= left - 1) {
        int token = (word << 6) + Long.numberOfTrailingZeros(left);
        allowedLogits[count] = logits[offset + token];
        allowedTokens[count++] = token;
      }
    }
    return count;
  }

  private int sample(float[] logits, int offset, int size, SamplingParams params, int draw) {
    int best = kernels.argMax(logits, offset, size);
    if (params.temperature() == 0) {
      return best;
    }
    float max = logits[offset + best];
    kernels.exponentials(logits, offset, size, max, 1 / params.temperature(), weights);
    if (params.adjustments().narrows()) {
      Likeliest.keep(weights, size, params.adjustments(), candidates);
    }
    double total = 0;
    for (int i = 0; i < size; i++) {
      total += weights[i];
    }
    double random = CounterRandom.uniform(params.seed(), draw);
    return params.topP() < 1
        ? drawFromNucleus(size, total, params.topP(), random, best)
        : drawFromAll(size, total * random, best);
  }

  private int drawFromAll(int size, double target, int otherwise) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += weights[i];
      if (target < sum) {
        return i;
      }
    }
    return otherwise;
  }

  /**
   * Draws from the smallest set of most likely tokens whose mass reaches {@code topP}. Tokens below
   * {@code (1 - topP) / vocabulary} have less mass than {@code 1 - topP} together, so none of them
   * can be in that set, and few are left to sort.
   */
  private int drawFromNucleus(int size, double total, double topP, double random, int otherwise) {
    double threshold = (1 - topP) * total / size;
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (weights[i] >= threshold) {
        candidates[count++] = Likeliest.candidate(weights[i], i);
      }
    }
    Arrays.sort(candidates, 0, count);
    double mass = 0;
    int first = count;
    while (first > 0 && mass < topP * total) {
      first--;
      mass += probability(candidates[first]);
    }
    double target = random * mass;
    double sum = 0;
    for (int i = count - 1; i >= first; i--) {
      sum += probability(candidates[i]);
      if (target < sum) {
        return (int) ~candidates[i];
      }
    }
    return otherwise;
  }

  private static float probability(long candidate) {
    return Float.intBitsToFloat((int) (candidate >>> 32));
  }
}

package io.galerne.engine.sampling;

import java.util.List;

/**
 * How the next token is chosen and when to stop.
 *
 * @param temperature 0 takes the most likely token
 * @param topP nucleus mass in (0, 1]
 * @param seed the sequence's own random numbers: same seed, same draws, whatever else runs
 * @param maxTokens at most so many tokens are generated, at least 1
 * @param stop texts that end the answer and are cut from it
 * @param adjustments what is to be changed in the model's own choice
 * @param topLogprobs how many of the likeliest tokens are told with each token and its probability,
 *     {@link #NO_LOGPROBS} for no probabilities at all
 */
public record SamplingParams(
    float temperature,
    float topP,
    long seed,
    int maxTokens,
    List<String> stop,
    Adjustments adjustments,
    int topLogprobs) {
  public static final int NO_LOGPROBS = -1;

  /** Draws from what the model thinks. */
  public SamplingParams(
      float temperature, float topP, long seed, int maxTokens, List<String> stop) {
    this(temperature, topP, seed, maxTokens, stop, Adjustments.NONE, NO_LOGPROBS);
  }

  public SamplingParams {
    if (!(temperature >= 0)) {
      throw new IllegalArgumentException("temperature must be at least 0");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP must be in (0, 1]");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens must be at least 1");
    }
    stop = List.copyOf(stop);
  }
}

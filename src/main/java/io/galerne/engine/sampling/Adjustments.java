package io.galerne.engine.sampling;

import java.util.Map;

/**
 * What a request wants changed in the model's own choice of tokens.
 *
 * @param presencePenalty taken off the logit of every token that the answer has already
 * @param frequencyPenalty taken off once for each time that the answer has the token
 * @param repetitionPenalty what the logits of tokens that the prompt or the answer has are divided
 *     by, or multiplied by where they are negative (Keskar et al., 2019); 1 changes nothing
 * @param bias added to the logits of tokens
 * @param minTokens the answer doesn't end by itself before it has so many tokens
 * @param topK draws from so many of the likeliest tokens, 0 from all
 * @param minP draws from tokens that are at least so likely, measured by the likeliest
 */
public record Adjustments(
    float presencePenalty,
    float frequencyPenalty,
    float repetitionPenalty,
    Map<Integer, Float> bias,
    int minTokens,
    int topK,
    float minP) {
  public static final Adjustments NONE = new Adjustments(0, 0, 1, Map.of(), 0, 0, 0);

  public Adjustments {
    if (!(repetitionPenalty > 0) || repetitionPenalty == Float.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("repetitionPenalty must be positive");
    }
    if (minTokens < 0 || topK < 0 || !(minP >= 0 && minP <= 1)) {
      throw new IllegalArgumentException("minTokens, topK or minP is out of its bounds");
    }
    bias = Map.copyOf(bias);
  }

  /** Whether logits are other than the model's. */
  public boolean changesLogits() {
    return presencePenalty != 0
        || frequencyPenalty != 0
        || repetitionPenalty != 1
        || minTokens > 0
        || !bias.isEmpty();
  }

  /** Whether fewer tokens are drawn from. */
  boolean narrows() {
    return topK > 0 || minP > 0;
  }
}

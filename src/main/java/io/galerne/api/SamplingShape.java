package io.galerne.api;

import java.util.List;

/** What the document says of the fields that requests for text have in common. */
final class SamplingShape {
  private SamplingShape() {}

  /**
   * Adds what {@link SamplingFields} and {@link Hints} read, and the spellings of lengths and
   * seeds.
   */
  static void addTo(Shape request, boolean strict) {
    int penalty = SamplingFields.PENALTY_MAX;
    request
        .optional("top_p", Shape.numberAbove(0, 1))
        .optional("n", Shape.integer(1, SamplingFields.CHOICES_MAX))
        .optional("presence_penalty", Shape.number(-penalty, penalty))
        .optional("frequency_penalty", Shape.number(-penalty, penalty))
        .optional(
            "repetition_penalty",
            Shape.number(
                SamplingFields.REPETITION_PENALTY_MIN, SamplingFields.REPETITION_PENALTY_MAX))
        .optional("top_k", Shape.integer(-1, SamplingFields.TOP_K_MAX))
        .optional("logprobs", Shape.flag())
        .optional("top_logprobs", Shape.integer(0, SamplingFields.TOP_LOGPROBS_MAX))
        .optional(
            "max_tokens",
            Shape.integer(0, Integer.MAX_VALUE)
                .describe("Most tokens of the answer; the context window bounds it too"))
        .optional(
            "random_seed",
            Shape.integer(0, Long.MAX_VALUE)
                .describe("The same seed, request and weights give the same answer"))
        .optional(
            "min_tokens",
            Shape.integer(0, Integer.MAX_VALUE).describe("Fewest tokens before the answer may end"))
        .optional("prompt_cache_key", Shape.text(0, Hints.KEY_LENGTH_MAX));
    if (strict) {
      request.optional("service_tier", Shape.oneOf(Hints.TIERS));
    } else {
      addOpenAi(request);
    }
  }

  private static void addOpenAi(Shape request) {
    request
        .optional("min_p", Shape.number(0, 1))
        .optional(
            "logit_bias",
            Shape.map(
                SamplingFields.BIAS_ENTRIES_MAX,
                SamplingFields.TOKEN_PATTERN,
                Shape.number(-SamplingFields.BIAS_MAX, SamplingFields.BIAS_MAX)))
        .optional("service_tier", Shape.oneOf(Hints.ALL_TIERS))
        .optional("user", Shape.text(0, Hints.KEY_LENGTH_MAX))
        .optional("reasoning_effort", Shape.oneOf(Hints.EFFORTS))
        .optional("prompt_mode", Shape.oneOf(List.of("reasoning")))
        .optional(
            "max_completion_tokens",
            Shape.integer(0, Integer.MAX_VALUE).describe("OpenAI's name of max_tokens"))
        .optional(
            "seed",
            Shape.integer(Long.MIN_VALUE, Long.MAX_VALUE).describe("OpenAI's name of random_seed"));
  }
}

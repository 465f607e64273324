package io.galerne.api;

import io.galerne.engine.sampling.Adjustments;
import io.galerne.engine.sampling.SamplingParams;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields that say how an answer's tokens are drawn and how many answers there are.
 *
 * @param choices how many answers
 * @param topLogprobs as in {@link SamplingParams}
 */
record SamplingFields(int choices, Adjustments adjustments, int topLogprobs) {
  static final int CHOICES_MAX = 8;
  static final int TOP_LOGPROBS_MAX = 20;
  static final int TOP_K_MAX = 1_000_000;
  static final int BIAS_ENTRIES_MAX = 300;
  static final int BIAS_MAX = 100;
  static final int PENALTY_MAX = 2;
  static final double REPETITION_PENALTY_MIN = 0.01;
  static final int REPETITION_PENALTY_MAX = 10;
  static final String TOKEN_PATTERN = "[0-9]{1,9}";
  private static final String BIAS = "logit_bias";

  /** Whether the client wants the probabilities of tokens. */
  boolean wantsLogprobs() {
    return topLogprobs != SamplingParams.NO_LOGPROBS;
  }

  /**
   * Null when something is wrong.
   *
   * @param maxTokens the most tokens of an answer, null for no bound
   * @throws ApiException 400 where fields don't go together
   */
  static @Nullable SamplingFields read(ObjectReader fields, @Nullable Long maxTokens) {
    Long choices = fields.integer("n", 1, CHOICES_MAX);
    Double presence = fields.number("presence_penalty", -PENALTY_MAX, false, PENALTY_MAX);
    Double frequency = fields.number("frequency_penalty", -PENALTY_MAX, false, PENALTY_MAX);
    Double repetition =
        fields.number("repetition_penalty", REPETITION_PENALTY_MIN, false, REPETITION_PENALTY_MAX);
    Long topK = fields.integer("top_k", -1, TOP_K_MAX);
    Double minP = fields.number("min_p", 0, false, 1);
    Long minTokens = fields.integer("min_tokens", 0, Integer.MAX_VALUE);
    Map<Integer, Float> bias = bias(fields);
    int topLogprobs = topLogprobs(fields);
    if (minTokens != null && maxTokens != null && minTokens > maxTokens) {
      throw ApiException.badRequest(
          new ErrorEnvelope(
              "min_tokens: should be less than or equal to max_tokens, " + maxTokens,
              ErrorEnvelope.INVALID_REQUEST,
              "min_tokens",
              null));
    }
    if (bias == null) {
      return null;
    }
    return new SamplingFields(
        choices == null ? 1 : choices.intValue(),
        new Adjustments(
            presence == null ? 0 : presence.floatValue(),
            frequency == null ? 0 : frequency.floatValue(),
            repetition == null ? 1 : repetition.floatValue(),
            bias,
            minTokens == null ? 0 : minTokens.intValue(),
            topK == null ? 0 : Math.max(0, topK.intValue()),
            minP == null ? 0 : minP.floatValue()),
        topLogprobs);
  }

  private static int topLogprobs(ObjectReader fields) {
    boolean wanted = fields.flag("logprobs");
    Long top = fields.integer("top_logprobs", 0, TOP_LOGPROBS_MAX);
    if (!wanted && top != null && top > 0) {
      throw ApiException.badRequest(
          new ErrorEnvelope(
              "top_logprobs: there are none without logprobs",
              ErrorEnvelope.INVALID_REQUEST,
              "top_logprobs",
              null));
    }
    if (!wanted) {
      return SamplingParams.NO_LOGPROBS;
    }
    return top == null ? 0 : top.intValue();
  }

  /** Null when something is wrong. */
  private static @Nullable Map<Integer, Float> bias(ObjectReader request) {
    JsonNode value = request.value(BIAS);
    if (value == null) {
      return Map.of();
    }
    FieldErrors errors = request.errors();
    if (value.isArray() && value.isEmpty()) {
      return Map.of();
    }
    ObjectReader entries = value.isObject() ? request.requiredObject(BIAS) : null;
    if (entries == null) {
      errors.add("dict_type", request.loc(BIAS), "Input should be a valid dictionary", value);
      return null;
    }
    if (value.size() > BIAS_ENTRIES_MAX) {
      errors.add(
          "too_long",
          request.loc(BIAS),
          "Dictionary should have at most %d items after validation, not %d"
              .formatted(BIAS_ENTRIES_MAX, value.size()),
          null);
      return null;
    }
    Map<Integer, Float> bias = new HashMap<>();
    for (String token : value.propertyNames()) {
      Double amount = entries.number(token, -BIAS_MAX, false, BIAS_MAX);
      if (!token.matches(TOKEN_PATTERN)) {
        errors.add(
            "int_parsing",
            entries.loc(EchoedInput.text(token)),
            "Input should be a valid integer, the id of a token",
            null);
      } else if (amount != null) {
        bias.merge(Integer.valueOf(token), amount.floatValue(), Float::sum);
      }
    }
    return bias;
  }
}

package io.galerne.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Fields that would change the answer and that this version can't honour. A value that asks for
 * nothing is accepted, since clients send their defaults; any other is refused, never ignored.
 */
final class UnsupportedFields {
  private static final Map<String, Predicate<JsonNode>> NEUTRAL = new LinkedHashMap<>();

  static {
    NEUTRAL.put("n", is(1));
    NEUTRAL.put("presence_penalty", is(0));
    NEUTRAL.put("frequency_penalty", is(0));
    NEUTRAL.put("repetition_penalty", is(1));
    NEUTRAL.put("top_k", is(0).or(is(-1)));
    NEUTRAL.put("min_tokens", is(0));
    NEUTRAL.put("logit_bias", UnsupportedFields::isEmptyContainer);
    NEUTRAL.put("logprobs", value -> value.isBoolean() && !value.booleanValue());
    NEUTRAL.put("top_logprobs", is(0));
    NEUTRAL.put("prompt_logprobs", is(0));
    NEUTRAL.put("top_prompt_logprobs", is(0));
    NEUTRAL.put("functions", UnsupportedFields::isEmptyContainer);
    NEUTRAL.put("guardrails", UnsupportedFields::isEmptyContainer);
    NEUTRAL.put("reasoning_effort", value -> names(value, "none"));
    NEUTRAL.put("prompt_mode", value -> false);
  }

  private UnsupportedFields() {}

  static void refuse(ObjectReader request) {
    NEUTRAL.forEach(
        (field, neutral) -> {
          JsonNode value = request.value(field);
          if (value != null && !neutral.test(value)) {
            throw ApiException.badRequest(
                ErrorEnvelope.unsupported(field, "the value " + EchoedInput.text(brief(value))));
          }
        });
  }

  private static String brief(JsonNode value) {
    return value.isContainer() ? "given" : value.asString();
  }

  private static Predicate<JsonNode> is(int number) {
    return value -> value.isNumber() && value.numberValue().doubleValue() == number;
  }

  private static boolean names(JsonNode value, String... accepted) {
    for (String name : accepted) {
      if (value.isString() && value.stringValue().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isEmptyContainer(JsonNode value) {
    return value.isContainer() && value.isEmpty();
  }
}

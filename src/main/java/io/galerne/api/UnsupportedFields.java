package io.galerne.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Fields that would change the answer and that this version can't honour. A value that asks for
 * nothing is accepted, since clients send their defaults; any other is refused, never ignored.
 */
final class UnsupportedFields {
  private static final Map<String, Predicate<JsonNode>> NEUTRAL = new LinkedHashMap<>();
  private static final List<String> CONVERSATION =
      List.of("messages", "tools", "response_format", "safe_prompt");

  static {
    NEUTRAL.put("prompt_logprobs", UnsupportedFields::isOff);
    NEUTRAL.put("top_prompt_logprobs", is(0));
    NEUTRAL.put("functions", UnsupportedFields::isEmptyContainer);
    NEUTRAL.put("function_call", value -> names(value, "none", "auto"));
    // other platforms' fields
    NEUTRAL.put("modalities", UnsupportedFields::isTextAlone);
    NEUTRAL.put("audio", value -> false);
    NEUTRAL.put("web_search_options", value -> false);
    NEUTRAL.put("verbosity", value -> names(value, "medium"));
    NEUTRAL.put("best_of", is(1));
    NEUTRAL.put("echo", UnsupportedFields::isOff);
    NEUTRAL.put("ignore_eos", UnsupportedFields::isOff);
    NEUTRAL.put("stop_token_ids", UnsupportedFields::isEmptyContainer);
    NEUTRAL.put("bad_words", UnsupportedFields::isEmptyContainer);
    NEUTRAL.put("typical_p", is(1));
    NEUTRAL.put("length_penalty", is(1));
    NEUTRAL.put("use_beam_search", UnsupportedFields::isOff);
    NEUTRAL.put("structured_outputs", UnsupportedFields::isEmptyContainer);
    NEUTRAL.put("guided_json", value -> false);
    NEUTRAL.put("guided_regex", value -> false);
    NEUTRAL.put("guided_choice", value -> false);
    NEUTRAL.put("guided_grammar", value -> false);
    NEUTRAL.put("chat_template", value -> false);
  }

  private UnsupportedFields() {}

  static void refuse(ObjectReader request) {
    refuseReasoning(request);
    NEUTRAL.forEach(
        (field, neutral) -> {
          JsonNode value = request.value(field);
          if (value != null && !neutral.test(value)) {
            throw ApiException.badRequest(
                ErrorEnvelope.unsupported(field, "the value " + EchoedInput.text(brief(value))));
          }
        });
  }

  /**
   * No model here reasons before it answers. The words, the type and the code are those of
   * Mistral's platform for models that don't.
   */
  private static void refuseReasoning(ObjectReader request) {
    JsonNode effort = request.value("reasoning_effort");
    if (effort != null && !names(effort, "none")) {
      throw ApiException.badRequest(
          ErrorEnvelope.notOfThisModel(
              "reasoning_effort",
              "reasoning_effort='%s' is not supported for this model. Must be one of ('none')"
                  .formatted(EchoedInput.text(brief(effort)))));
    }
    if (request.value("prompt_mode") != null) {
      throw ApiException.badRequest(
          ErrorEnvelope.notOfThisModel(
              "prompt_mode", "Reasoning prompt mode is not enabled for this model"));
    }
  }

  /** Fields of chat completions that a request without a conversation may name, but not use. */
  static void refuseConversation(ObjectReader request) {
    for (String field : CONVERSATION) {
      JsonNode value = request.value(field);
      if (value != null && !isEmptyContainer(value) && !isOff(value)) {
        throw ApiException.badRequest(ErrorEnvelope.unsupported(field, "filling in with it"));
      }
    }
  }

  private static boolean isOff(JsonNode value) {
    return (value.isBoolean() && !value.booleanValue()) || is(0).test(value);
  }

  private static boolean isTextAlone(JsonNode value) {
    return value.isArray() && value.size() == 1 && names(value.get(0), "text");
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

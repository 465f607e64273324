package io.galerne.api;

import io.galerne.engine.OutputFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Reads the body of a chat completion request. */
@Component
class ChatRequestReader {
  static final int STOP_TEXTS_MAX = 16;
  static final int STOP_LENGTH_MAX = 256;

  /** What the contract knows; in strict mode anything else is refused. */
  static final Set<String> FIELDS =
      Set.of(
          "model",
          "messages",
          "temperature",
          "top_p",
          "max_tokens",
          "stream",
          "stop",
          "random_seed",
          "metadata",
          "response_format",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "presence_penalty",
          "frequency_penalty",
          "n",
          "prediction",
          "reasoning_effort",
          "prompt_mode",
          "guardrails",
          "prompt_cache_key",
          "service_tier",
          "safe_prompt",
          // of the newest clients, not yet in the public document
          "min_tokens",
          "repetition_penalty",
          "top_k",
          "logprobs",
          "top_logprobs",
          "prompt_logprobs",
          "top_prompt_logprobs");

  private final boolean strict;
  private final MessagesReader messagesReader;
  private final ToolsReader toolsReader;
  private final ResponseFormatReader formatReader;

  ChatRequestReader(ApiProperties properties) {
    strict = properties.strict();
    SchemaSizes sizes = SchemaSizes.of(properties);
    messagesReader = new MessagesReader(strict);
    toolsReader = new ToolsReader(strict, sizes);
    formatReader = new ResponseFormatReader(strict, sizes);
  }

  /**
   * @throws ApiException 422 if the body has the wrong shape, 400 if it asks for what this version
   *     can't do
   */
  ChatRequest read(JsonNode body) {
    FieldErrors errors = new FieldErrors();
    ObjectReader fields = ObjectReader.of(body, List.of("body"), errors);
    ChatRequest request = fields == null ? null : read(fields);
    errors.throwIfAny();
    if (fields == null || request == null) {
      throw new IllegalStateException("a request was not read, and nothing said why");
    }
    UnsupportedFields.refuse(fields);
    return request;
  }

  private @Nullable ChatRequest read(ObjectReader fields) {
    if (strict) {
      fields.refuseOthers(FIELDS);
    }
    String model = fields.requiredText("model");
    List<RequestMessage> messages = messagesReader.read(fields);
    Double temperature = fields.number("temperature", 0, false, RequestBounds.TEMPERATURE_MAX);
    Double topP = fields.number("top_p", 0, true, 1);
    Long maxTokens = maxTokens(fields);
    Long seed = seed(fields);
    SamplingFields sampling = SamplingFields.read(fields, maxTokens);
    Hints.check(fields, strict);
    List<String> stop = stop(fields);
    boolean stream = fields.flag("stream");
    fields.map("metadata", RequestBounds.METADATA_ENTRIES_MAX);
    boolean safePrompt = fields.flag("safe_prompt");
    RequestedTools tools = toolsReader.read(fields);
    OutputFormat format = formatReader.read(fields);
    if (model == null || messages == null || tools == null || format == null || sampling == null) {
      return null;
    }
    return new ChatRequest(
        model,
        messages,
        temperature,
        topP == null ? 1 : topP,
        maxTokens == null ? null : Math.toIntExact(maxTokens),
        seed,
        stop,
        stream,
        safePrompt,
        tools,
        format,
        sampling);
  }

  /** The most tokens of an answer; OpenAI's spelling comes second. */
  static @Nullable Long maxTokens(ObjectReader fields) {
    Long value = fields.integer("max_tokens", 0, Integer.MAX_VALUE);
    Long other = fields.integer("max_completion_tokens", 0, Integer.MAX_VALUE);
    return value == null ? other : value;
  }

  /** OpenAI's spelling comes second. */
  static @Nullable Long seed(ObjectReader fields) {
    Long value = fields.integer("random_seed", 0, Long.MAX_VALUE);
    Long other = fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    return value == null ? other : value;
  }

  static List<String> stop(ObjectReader fields) {
    JsonNode value = fields.value("stop");
    if (value == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    if (!value.isArray()) {
      addStop(texts, value, fields.loc("stop"), fields.errors());
      return texts;
    }
    if (value.size() > STOP_TEXTS_MAX) {
      fields
          .errors()
          .add(
              "too_long",
              fields.loc("stop"),
              "List should have at most %d items after validation, not %d"
                  .formatted(STOP_TEXTS_MAX, value.size()),
              value);
      return texts;
    }
    for (int i = 0; i < value.size(); i++) {
      addStop(texts, value.get(i), fields.loc("stop", i), fields.errors());
    }
    return texts;
  }

  private static void addStop(
      List<String> texts, JsonNode value, List<Object> loc, FieldErrors errors) {
    String text = ObjectReader.text(value, loc, errors);
    if (text == null) {
      return;
    }
    if (text.isEmpty()) {
      errors.add("string_too_short", loc, "String should have at least 1 character", value);
    } else if (text.codePointCount(0, text.length()) > STOP_LENGTH_MAX) {
      errors.add(
          "string_too_long",
          loc,
          "String should have at most " + STOP_LENGTH_MAX + " characters",
          value);
    } else {
      texts.add(text);
    }
  }
}

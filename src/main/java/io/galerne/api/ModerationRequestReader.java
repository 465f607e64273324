package io.galerne.api;

import io.galerne.engine.template.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads the bodies of requests for moderation. */
@Component
class ModerationRequestReader {
  static final int TEXTS_MAX = 256;
  private static final Set<String> FIELDS = Set.of("model", "input", "inputs", "metadata");
  static final List<String> MODELS =
      List.of(
          "mistral-moderation-latest",
          "mistral-moderation-2411",
          "mistral-moderation-2603",
          "omni-moderation-latest",
          "text-moderation-latest");

  private final boolean strict;
  private final MessagesReader messages;

  ModerationRequestReader(ApiProperties properties) {
    strict = properties.strict();
    messages = new MessagesReader(strict);
  }

  /** What is to be judged, text by text. */
  record Texts(String model, List<String> texts) {}

  /**
   * @throws ApiException 422 if the body has the wrong shape, 400 for a model of another use
   */
  Texts texts(JsonNode body) {
    FieldErrors errors = new FieldErrors();
    ObjectReader fields = fields(body, errors);
    JsonNode input = input(fields);
    List<String> texts = new ArrayList<>();
    if (fields != null && input != null && input.isArray() && isBounded(fields, input)) {
      for (int i = 0; i < input.size(); i++) {
        add(texts, ObjectReader.text(input.get(i), fields.loc("input", i), errors));
      }
    } else if (fields != null && input != null && !input.isArray()) {
      add(texts, ObjectReader.text(input, fields.loc("input"), errors));
    }
    return asked(fields, texts, errors);
  }

  /**
   * One text for each conversation.
   *
   * @throws ApiException 422 if the body has the wrong shape, 400 for a model of another use
   */
  Texts conversations(JsonNode body) {
    FieldErrors errors = new FieldErrors();
    ObjectReader fields = fields(body, errors);
    JsonNode input = input(fields);
    List<String> texts = new ArrayList<>();
    if (fields != null && input != null && !input.isArray()) {
      errors.add("list_type", fields.loc("input"), "Input should be a valid list", input);
    } else if (fields != null && input != null && isBounded(fields, input)) {
      boolean several = input.get(0).isArray();
      for (int i = 0; i < (several ? input.size() : 1); i++) {
        add(texts, conversation(several ? input.get(i) : input, fields, errors));
      }
    }
    return asked(fields, texts, errors);
  }

  private static boolean isBounded(ObjectReader fields, JsonNode input) {
    if (input.isEmpty()) {
      fields
          .errors()
          .add(
              "too_short",
              fields.loc("input"),
              "List should have at least 1 item after validation, not 0",
              input);
      return false;
    }
    return fields.isList("input", input, TEXTS_MAX);
  }

  private @Nullable String conversation(JsonNode list, ObjectReader fields, FieldErrors errors) {
    JsonNode wrapped = JsonNodeFactory.instance.objectNode().set("messages", list);
    ObjectReader reader = ObjectReader.of(wrapped, fields.loc("input"), errors);
    List<RequestMessage> read = reader == null ? null : messages.read(reader);
    if (read == null) {
      return null;
    }
    List<String> lines = new ArrayList<>();
    for (RequestMessage message : read) {
      lines.add(message.content());
      message.toolCalls().stream().map(ToolCall::arguments).forEach(lines::add);
    }
    return String.join("\n", lines);
  }

  private @Nullable ObjectReader fields(JsonNode body, FieldErrors errors) {
    ObjectReader fields = ObjectReader.of(body, List.of("body"), errors);
    if (fields != null && strict) {
      fields.refuseOthers(FIELDS);
    }
    return fields;
  }

  /** Clients say {@code input}; one of them, in older versions, {@code inputs}. */
  private static @Nullable JsonNode input(@Nullable ObjectReader fields) {
    if (fields == null) {
      return null;
    }
    JsonNode input = fields.value("input");
    JsonNode other = input == null ? fields.value("inputs") : input;
    if (other == null) {
      fields.missing("input");
    }
    return other;
  }

  private static void add(List<String> texts, @Nullable String text) {
    if (text != null) {
      texts.add(text);
    }
  }

  private static Texts asked(
      @Nullable ObjectReader fields, List<String> texts, FieldErrors errors) {
    String model = fields == null ? null : fields.requiredText("model");
    errors.throwIfAny();
    if (model == null) {
      throw new IllegalStateException("a request was not read, and nothing said why");
    }
    if (!MODELS.contains(model)) {
      throw new ApiException(HttpStatus.BAD_REQUEST, ErrorEnvelope.unknownModel(model));
    }
    return new Texts(model, texts);
  }
}

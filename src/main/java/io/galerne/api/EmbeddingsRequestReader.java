package io.galerne.api;

import io.galerne.serving.EmbeddingRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Reads the body of a request for embeddings. */
@Component
class EmbeddingsRequestReader {
  static final int TEXTS_MAX = 2048;

  /** What the contract knows; in strict mode anything else is refused. */
  static final Set<String> FIELDS =
      Set.of("model", "input", "metadata", "output_dimension", "output_dtype", "encoding_format");

  /** OpenAI's spelling comes second. */
  private static final List<String> DIMENSION_FIELDS = List.of("output_dimension", "dimensions");

  static final List<String> TYPES =
      Stream.of(EmbeddingsRequest.OutputType.values())
          .map(type -> type.name().toLowerCase(Locale.ROOT))
          .toList();

  static final List<String> FORMATS = List.of("float", "base64");

  private final boolean strict;

  EmbeddingsRequestReader(ApiProperties properties) {
    strict = properties.strict();
  }

  /**
   * @throws ApiException 422 if the body has the wrong shape, 400 if it holds token ids
   */
  EmbeddingsRequest read(JsonNode body) {
    FieldErrors errors = new FieldErrors();
    ObjectReader fields = ObjectReader.of(body, List.of("body"), errors);
    EmbeddingsRequest request = fields == null ? null : read(fields);
    errors.throwIfAny();
    if (request == null) {
      throw new IllegalStateException("a request was not read, and nothing said why");
    }
    return request;
  }

  private @Nullable EmbeddingsRequest read(ObjectReader fields) {
    if (strict) {
      fields.refuseOthers(FIELDS);
    }
    String model = fields.requiredText("model");
    List<String> texts = texts(fields);
    Map<String, Long> dimensions = new HashMap<>();
    for (String field : DIMENSION_FIELDS) {
      Long value = fields.integer(field, 1, Integer.MAX_VALUE);
      if (value != null) {
        dimensions.put(field, value);
      }
    }
    String type = oneOf(fields, "output_dtype", TYPES);
    String format = oneOf(fields, "encoding_format", FORMATS);
    fields.map("metadata", RequestBounds.METADATA_ENTRIES_MAX);
    if (model == null || texts == null || type == null || format == null) {
      return null;
    }
    return new EmbeddingsRequest(
        new EmbeddingRequest(model, texts, dimensions),
        EmbeddingsRequest.OutputType.valueOf(type.toUpperCase(Locale.ROOT)),
        format.equals("base64"));
  }

  private static @Nullable List<String> texts(ObjectReader fields) {
    JsonNode input = fields.value("input");
    FieldErrors errors = fields.errors();
    if (input == null) {
      fields.missing("input");
      return null;
    }
    if (!input.isArray()) {
      String text = text(input, fields.loc("input"), errors);
      return text == null ? null : List.of(text);
    }
    if (input.isEmpty()) {
      errors.add(
          "too_short",
          fields.loc("input"),
          "List should have at least 1 item after validation, not 0",
          input);
      return null;
    }
    refuseTokens(input.get(0));
    if (input.size() > TEXTS_MAX) {
      errors.add(
          "too_long",
          fields.loc("input"),
          "List should have at most %d items after validation, not %d"
              .formatted(TEXTS_MAX, input.size()),
          input);
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < input.size() && !errors.isFull(); i++) {
      String text = text(input.get(i), fields.loc("input", i), errors);
      if (text != null) {
        texts.add(text);
      }
    }
    return texts.size() == input.size() ? texts : null;
  }

  /** Token ids are another vocabulary's: their vectors would be those of another text. */
  private static void refuseTokens(JsonNode first) {
    if (first.isIntegralNumber() || (first.isArray() && first.path(0).isIntegralNumber())) {
      throw ApiException.badRequest(
          ErrorEnvelope.unsupported("input", "token ids instead of text"));
    }
  }

  private static @Nullable String text(JsonNode value, List<Object> loc, FieldErrors errors) {
    String text = ObjectReader.text(value, loc, errors);
    if (text != null && text.isEmpty()) {
      errors.add("string_too_short", loc, "String should have at least 1 character", value);
      return null;
    }
    return text;
  }

  /** The first of the choices where the field is absent; null where it is none of them. */
  private static @Nullable String oneOf(ObjectReader fields, String field, List<String> choices) {
    JsonNode value = fields.value(field);
    if (value == null) {
      return choices.getFirst();
    }
    if (value.isString() && choices.contains(value.stringValue())) {
      return value.stringValue();
    }
    fields
        .errors()
        .add(
            "enum",
            fields.loc(field),
            "Input should be " + choices.stream().collect(Collectors.joining("', '", "'", "'")),
            value);
    return null;
  }
}

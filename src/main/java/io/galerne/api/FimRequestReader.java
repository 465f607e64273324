package io.galerne.api;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Reads the body of a request to fill in between two texts. */
@Component
class FimRequestReader {
  /** What the contract knows; in strict mode anything else is refused. */
  static final Set<String> FIELDS =
      Set.of(
          "model",
          "prompt",
          "suffix",
          "temperature",
          "top_p",
          "max_tokens",
          "min_tokens",
          "stop",
          "random_seed",
          "stream",
          "metadata",
          "prompt_cache_key");

  private final boolean strict;

  FimRequestReader(ApiProperties properties) {
    strict = properties.strict();
  }

  /**
   * @throws ApiException 422 if the body has the wrong shape, 400 if it asks for what this version
   *     can't do
   */
  FimRequest read(JsonNode body) {
    FieldErrors errors = new FieldErrors();
    ObjectReader fields = ObjectReader.of(body, List.of("body"), errors);
    FimRequest request = fields == null ? null : read(fields);
    errors.throwIfAny();
    if (fields == null || request == null) {
      throw new IllegalStateException("a request was not read, and nothing said why");
    }
    UnsupportedFields.refuseConversation(fields);
    UnsupportedFields.refuse(fields);
    return request;
  }

  private @Nullable FimRequest read(ObjectReader fields) {
    if (strict) {
      fields.refuseOthers(FIELDS);
    }
    String model = fields.requiredText("model");
    String prompt = fields.requiredText("prompt");
    String suffix = fields.text("suffix");
    Double temperature = fields.number("temperature", 0, false, RequestBounds.TEMPERATURE_MAX);
    Double topP = fields.number("top_p", 0, true, 1);
    Long maxTokens = ChatRequestReader.maxTokens(fields);
    Long seed = ChatRequestReader.seed(fields);
    SamplingFields sampling = SamplingFields.read(fields, maxTokens);
    List<String> stop = ChatRequestReader.stop(fields);
    boolean stream = fields.flag("stream");
    fields.map("metadata", RequestBounds.METADATA_ENTRIES_MAX);
    Hints.check(fields, strict);
    if (model == null || prompt == null || sampling == null) {
      return null;
    }
    return new FimRequest(
        model,
        prompt,
        suffix == null ? "" : suffix,
        temperature,
        topP == null ? 1 : topP,
        maxTokens == null ? null : Math.toIntExact(maxTokens),
        seed,
        stop,
        stream,
        sampling);
  }
}

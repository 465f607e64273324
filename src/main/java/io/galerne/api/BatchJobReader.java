package io.galerne.api;

import io.galerne.batch.BatchProperties;
import io.galerne.batch.JobRequest;
import io.galerne.batch.LineAnswers;
import io.galerne.batch.RequestLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Reads the body of a request for a batch job. */
@Component
class BatchJobReader {
  static final int FILES_MAX = 100;
  static final int METADATA_MAX = 32;
  static final int METADATA_KEY_MAX = 32;
  static final int METADATA_VALUE_MAX = 512;
  static final int CUSTOM_ID_MAX = 512;
  static final int TIMEOUT_HOURS_MAX = 168;
  private static final int TIMEOUT_HOURS = 24;
  private static final String FILES = "input_files";
  private static final String REQUESTS = "requests";

  /** What the contract knows; in strict mode anything else is refused. */
  private static final Set<String> FIELDS =
      Set.of("endpoint", FILES, REQUESTS, "model", "agent_id", "metadata", "timeout_hours");

  /** Endpoints of the contract, served or not. */
  static final List<String> ENDPOINTS =
      List.of(
          "/v1/chat/completions",
          "/v1/embeddings",
          "/v1/fim/completions",
          "/v1/moderations",
          "/v1/chat/moderations",
          "/v1/ocr",
          "/v1/classifications",
          "/v1/chat/classifications",
          "/v1/conversations",
          "/v1/audio/transcriptions");

  private final boolean strict;
  private final int requestsMax;
  private final long lineSizeMax;
  private final LineAnswers answers;

  BatchJobReader(ApiProperties properties, BatchProperties limits, LineAnswers answers) {
    this.strict = properties.strict();
    this.requestsMax = limits.inlineMax();
    this.lineSizeMax = limits.lineSizeMax().toBytes();
    this.answers = answers;
  }

  /**
   * @throws ApiException 422 if the body has the wrong shape, 400 for what nothing here serves
   */
  JobRequest read(JsonNode body) {
    FieldErrors errors = new FieldErrors();
    ObjectReader fields = ObjectReader.of(body, List.of("body"), errors);
    JobRequest request = fields == null ? null : read(fields);
    errors.throwIfAny();
    if (fields == null || request == null) {
      throw new IllegalStateException("a request was not read, and nothing said why");
    }
    if (fields.value("agent_id") != null) {
      throw ApiException.badRequest(ErrorEnvelope.unsupported("agent_id", "an agent"));
    }
    if (!answers.endpoints().contains(request.endpoint())) {
      throw ApiException.badRequest(
          ErrorEnvelope.unsupported("endpoint", "the value " + request.endpoint()));
    }
    return request;
  }

  private @Nullable JobRequest read(ObjectReader fields) {
    if (strict) {
      fields.refuseOthers(FIELDS);
    }
    String endpoint = fields.requiredOneOf("endpoint", ENDPOINTS);
    String model = fields.text("model");
    if (model != null && model.indexOf(0) >= 0) {
      fields.errors().add("string_unicode", fields.loc("model"), "Input should be text", null);
    }
    fields.text("agent_id");
    Long hours = fields.integer("timeout_hours", 1, TIMEOUT_HOURS_MAX);
    Map<String, String> metadata = metadata(fields);
    List<UUID> files = files(fields);
    List<RequestLine> requests = requests(fields);
    if (files.isEmpty() == requests.isEmpty() && !fields.errors().isAny()) {
      fields
          .errors()
          .add(
              files.isEmpty() ? "missing" : "value_error",
              fields.loc(FILES),
              "Either input_files or requests is needed, and not both",
              null);
    }
    if (endpoint == null || fields.errors().isAny()) {
      return null;
    }
    Duration timeout = Duration.ofHours(hours == null ? TIMEOUT_HOURS : hours);
    return new JobRequest(endpoint, model, metadata, timeout, files, requests);
  }

  private static @Nullable Map<String, String> metadata(ObjectReader fields) {
    JsonNode value = fields.value("metadata");
    if (value == null) {
      return null;
    }
    ObjectReader entries = fields.requiredObject("metadata");
    if (entries == null) {
      return null;
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    for (String key : value.propertyNames()) {
      String text = entries.text(key);
      boolean isGood =
          text != null
              && isText(key, METADATA_KEY_MAX)
              && isText(text, METADATA_VALUE_MAX)
              && metadata.size() < METADATA_MAX;
      if (isGood) {
        metadata.put(key, text);
      } else {
        fields
            .errors()
            .add(
                "value_error",
                entries.loc(EchoedInput.text(key)),
                "Value error, metadata has at most %d entries of text, keys of 1 to %d characters and values of 1 to %d"
                    .formatted(METADATA_MAX, METADATA_KEY_MAX, METADATA_VALUE_MAX),
                null);
        return null;
      }
    }
    return metadata;
  }

  private static boolean isText(String text, int lengthMax) {
    return !text.isEmpty()
        && text.codePointCount(0, text.length()) <= lengthMax
        && text.indexOf(0) < 0
        && EchoedInput.isWellFormed(text);
  }

  private static List<UUID> files(ObjectReader fields) {
    JsonNode value = fields.value(FILES);
    List<UUID> files = new ArrayList<>();
    if (value == null || !fields.isList(FILES, value, FILES_MAX)) {
      return files;
    }
    for (int i = 0; i < value.size(); i++) {
      JsonNode item = value.get(i);
      UUID id = item.isString() ? QueryReader.uuid(item.stringValue()) : null;
      if (id == null) {
        fields
            .errors()
            .add("uuid_parsing", fields.loc(FILES, i), "Input should be a valid UUID", item);
      } else {
        files.add(id);
      }
    }
    return files;
  }

  private List<RequestLine> requests(ObjectReader fields) {
    JsonNode value = fields.value(REQUESTS);
    List<RequestLine> requests = new ArrayList<>();
    if (value == null || !fields.isList(REQUESTS, value, requestsMax)) {
      return requests;
    }
    for (int i = 0; i < value.size() && !fields.errors().isFull(); i++) {
      ObjectReader item = ObjectReader.of(value.get(i), fields.loc(REQUESTS, i), fields.errors());
      if (item != null) {
        RequestLine line = request(item, i);
        if (line != null) {
          requests.add(line);
        }
      }
    }
    return requests;
  }

  private @Nullable RequestLine request(ObjectReader item, int index) {
    if (strict) {
      item.refuseOthers(Set.of("custom_id", "body"));
    }
    String customId = item.text("custom_id");
    if (customId != null && !isText(customId, CUSTOM_ID_MAX)) {
      item.errors()
          .add(
              "value_error",
              item.loc("custom_id"),
              "Value error, custom_id should have 1 to " + CUSTOM_ID_MAX + " characters",
              null);
    }
    ObjectReader body = item.requiredObject("body");
    String json = item.json("body");
    if (body == null || json == null) {
      return null;
    }
    if (json.length() > lineSizeMax) {
      item.errors()
          .add(
              "too_long",
              item.loc("body"),
              "Value error, a request has at most " + lineSizeMax + " bytes",
              null);
    }
    return new RequestLine(index + 1, customId, body.text("model"), null, json);
  }
}

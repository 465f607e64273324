package io.galerne.batch;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Counts what failed lines were told. For one thread. */
final class FrequentErrors {
  private static final int MESSAGES_MAX = 20;
  private static final int MESSAGE_LENGTH_MAX = 500;
  private static final String OTHERS = "Other errors";
  private static final JsonMapper MAPPER = new JsonMapper();

  private final Map<String, Integer> counts = new LinkedHashMap<>();

  void add(String answer) {
    String message = message(MAPPER.readTree(answer));
    boolean isKnown = counts.containsKey(message) || counts.size() < MESSAGES_MAX;
    counts.merge(isKnown ? message : OTHERS, 1, Integer::sum);
  }

  List<BatchJob.JobError> mostFrequent() {
    return counts.entrySet().stream()
        .map(entry -> new BatchJob.JobError(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparingInt(BatchJob.JobError::count).reversed())
        .toList();
  }

  /** The message of an error envelope, or of the first thing that was wrong with the request. */
  private static String message(JsonNode body) {
    JsonNode first = body.path("detail").path(0);
    String message =
        first.has("msg")
            ? first.path("msg").asString() + " (" + first.path("loc") + ")"
            : body.path("message").asString("Error");
    String storable = message.replace("\u0000", "");
    return storable.length() <= MESSAGE_LENGTH_MAX
        ? storable
        : storable.substring(0, MESSAGE_LENGTH_MAX);
  }
}

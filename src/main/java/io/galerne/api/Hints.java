package io.galerne.api;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Fields that are checked and then change nothing: notes of the client's own, and hints for
 * platforms that have other ways to answer faster or cheaper.
 */
final class Hints {
  static final int KEY_LENGTH_MAX = 512;
  static final List<String> TIERS = List.of("auto", "standard_only");

  /** Other platforms' tiers: here there is one. */
  static final List<String> ALL_TIERS =
      List.of("auto", "standard_only", "default", "flex", "scale", "priority");

  static final List<String> EFFORTS =
      List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  private Hints() {}

  static void check(ObjectReader fields, boolean strict) {
    fields.oneOf("service_tier", strict ? TIERS : ALL_TIERS);
    checkLength(fields, "prompt_cache_key");
    checkLength(fields, "user");
    fields.oneOf("reasoning_effort", EFFORTS);
    fields.oneOf("prompt_mode", List.of("reasoning"));
    checkPrediction(fields, strict);
  }

  private static void checkLength(ObjectReader fields, String field) {
    String text = fields.text(field);
    if (text != null && text.codePointCount(0, text.length()) > KEY_LENGTH_MAX) {
      fields
          .errors()
          .add(
              "string_too_long",
              fields.loc(field),
              "String should have at most " + KEY_LENGTH_MAX + " characters",
              null);
    }
  }

  private static void checkPrediction(ObjectReader fields, boolean strict) {
    JsonNode value = fields.value("prediction");
    ObjectReader prediction =
        value == null ? null : ObjectReader.of(value, fields.loc("prediction"), fields.errors());
    if (prediction == null) {
      return;
    }
    if (strict) {
      prediction.refuseOthers(Set.of("type", "content"));
    }
    prediction.oneOf("type", List.of("content"));
    JsonNode content = prediction.value("content");
    if (!isParts(content)) {
      prediction.text("content");
    }
  }

  /** OpenAI's clients send parts. */
  private static boolean isParts(@Nullable JsonNode content) {
    return content != null && content.isArray();
  }
}

package io.galerne.api;

import jakarta.servlet.http.HttpServletResponse;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Tells the users of a model that it goes away. */
final class Deprecation {
  private Deprecation() {}

  static void announce(@Nullable OffsetDateTime deprecation, HttpServletResponse response) {
    if (deprecation != null) {
      response.setHeader(
          "x-model-deprecation-timestamp",
          DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(deprecation));
    }
  }
}

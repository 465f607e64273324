package io.galerne.adminapi;

import io.galerne.api.FieldErrors;
import io.galerne.api.Rfc3339;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.StringNode;

/** Days, months and ids in paths and queries. */
final class Days {
  private static final int YEAR_MIN = 2000;
  private static final int YEAR_MAX = 9998;

  private Days() {}

  /**
   * A month like {@code 2026-11}.
   *
   * @throws io.galerne.api.ApiException if it is none
   */
  static YearMonth month(String name, String text) {
    try {
      YearMonth month = YearMonth.parse(text);
      if (month.getYear() >= YEAR_MIN && month.getYear() <= YEAR_MAX) {
        return month;
      }
    } catch (DateTimeParseException e) {
      // told below, as a year out of range is
    }
    throw wrong("path", name, "Input should be a month, YYYY-MM", text);
  }

  /** A day from the query, or what is taken without one. */
  static LocalDate day(Query query, String name, LocalDate otherwise) {
    String text = query.text(name);
    if (text == null) {
      return otherwise;
    }
    try {
      LocalDate day = LocalDate.parse(text);
      if (day.getYear() >= YEAR_MIN && day.getYear() <= YEAR_MAX) {
        return day;
      }
    } catch (DateTimeParseException e) {
      // told below, as a year out of range is
    }
    throw wrong("query", name, "Input should be a valid date, YYYY-MM-DD", text);
  }

  /** A moment with its offset from the query, or null. */
  static @Nullable Instant instant(Query query, String name) {
    String text = query.text(name);
    if (text == null) {
      return null;
    }
    try {
      OffsetDateTime moment = Rfc3339.parse(text.replace(' ', '+')); // a bare + is a space
      if (moment.getYear() >= YEAR_MIN && moment.getYear() <= YEAR_MAX) {
        return moment.toInstant();
      }
    } catch (DateTimeException e) {
      // told below, as a year out of range is
    }
    throw wrong("query", name, "Input should be a valid datetime with an offset", text);
  }

  /** An id from the query, or null. */
  static @Nullable UUID id(Query query, String name) {
    String text = query.text(name);
    if (text == null) {
      return null;
    }
    Optional<UUID> id = Ids.parse(text);
    if (id.isEmpty()) {
      throw wrong("query", name, "Input should be a valid UUID", text);
    }
    return id.get();
  }

  static LocalDate firstOfMonth(Clock clock) {
    return YearMonth.now(clock.withZone(ZoneOffset.UTC)).atDay(1);
  }

  static RuntimeException wrong(String where, String name, String message, String input) {
    FieldErrors errors = new FieldErrors();
    errors.add("value_error", List.of(where, name), message, StringNode.valueOf(input));
    errors.throwIfAny();
    return new IllegalStateException("an error that was added was not thrown");
  }
}

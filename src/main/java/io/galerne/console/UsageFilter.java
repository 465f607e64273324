package io.galerne.console;

import io.galerne.metering.UsageReport.Dimension;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * What of the use is looked at, as the address of the page says. What can't be read counts as not
 * said.
 *
 * @param to the last day
 */
record UsageFilter(
    LocalDate from,
    LocalDate to,
    Dimension by,
    @Nullable UUID workspace,
    @Nullable String model,
    @Nullable UUID key) {
  private static final int DAYS = 30;
  private static final int DAYS_MAX = 400;
  private static final int MODEL_CHARS_MAX = 200;

  static UsageFilter of(MultiValueMap<String, String> query, Clock clock) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    LocalDate to = day(query.getFirst("to"), today);
    LocalDate from = day(query.getFirst("from"), to.minusDays(DAYS - 1));
    if (from.isAfter(to) || from.plusDays(DAYS_MAX).isBefore(to)) {
      from = to.minusDays(DAYS - 1);
    }
    String model = typed(query.getFirst("model"), MODEL_CHARS_MAX);
    return new UsageFilter(
        from,
        to,
        dimension(query.getFirst("by")),
        id(query.getFirst("workspace")),
        model.isEmpty() ? null : model,
        id(query.getFirst("key")));
  }

  private static LocalDate day(@Nullable String text, LocalDate otherwise) {
    try {
      LocalDate day = text == null || text.isBlank() ? otherwise : LocalDate.parse(text);
      return day.getYear() > 2000 && day.getYear() < 2200 ? day : otherwise;
    } catch (DateTimeException unreadable) {
      return otherwise;
    }
  }

  private static Dimension dimension(@Nullable String text) {
    return switch (text) {
      case "model" -> Dimension.MODEL;
      case "workspace" -> Dimension.WORKSPACE;
      case "key" -> Dimension.API_KEY;
      case null, default -> Dimension.DAY;
    };
  }

  /** What somebody typed, without what no name has in it; never longer than the bound. */
  static String typed(@Nullable String text, int charsMax) {
    String plain = text == null ? "" : text.replaceAll("\\p{Cntrl}", "").strip();
    return plain.substring(0, Math.min(charsMax, plain.length()));
  }

  /** An id, or null where the text is none. */
  static @Nullable UUID id(@Nullable String text) {
    try {
      return text == null || text.length() != 36 ? null : UUID.fromString(text);
    } catch (IllegalArgumentException unreadable) {
      return null;
    }
  }

  /** What it is broken down by, as in the address. */
  public String byName() {
    return by == Dimension.API_KEY ? "key" : by.name().toLowerCase(Locale.ROOT);
  }

  /** The query that says the same, without {@code by}. */
  public String query() {
    UriComponentsBuilder query =
        UriComponentsBuilder.newInstance().queryParam("from", from).queryParam("to", to);
    if (workspace != null) {
      query.queryParam("workspace", workspace);
    }
    if (model != null) {
      query.queryParam("model", model);
    }
    if (key != null) {
      query.queryParam("key", key);
    }
    return query.encode().build().toUriString();
  }
}

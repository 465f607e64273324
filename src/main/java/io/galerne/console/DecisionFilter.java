package io.galerne.console;

import io.galerne.moderation.DecisionDesk;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Which decisions are looked at, as the address of the page says. What can't be read counts as not
 * said.
 *
 * @param after the last one of the page before
 */
record DecisionFilter(
    LocalDate from,
    LocalDate to,
    @Nullable String category,
    @Nullable String detector,
    @Nullable String action,
    @Nullable UUID after) {
  private static final int DAYS = 30;
  private static final int DAYS_MAX = 400;
  private static final int WORD_CHARS_MAX = 64;

  static DecisionFilter of(MultiValueMap<String, String> query, Clock clock) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    LocalDate to = day(query.getFirst("to"), today);
    LocalDate from = day(query.getFirst("from"), to.minusDays(DAYS - 1));
    if (from.isAfter(to) || from.plusDays(DAYS_MAX).isBefore(to)) {
      from = to.minusDays(DAYS - 1);
    }
    return new DecisionFilter(
        from,
        to,
        word(query.getFirst("category")),
        word(query.getFirst("detector")),
        word(query.getFirst("action")),
        UsageFilter.id(query.getFirst("after")));
  }

  private static @Nullable String word(@Nullable String text) {
    String typed = UsageFilter.typed(text, WORD_CHARS_MAX);
    return typed.isEmpty() ? null : typed;
  }

  private static LocalDate day(@Nullable String text, LocalDate otherwise) {
    try {
      LocalDate day = text == null || text.isBlank() ? otherwise : LocalDate.parse(text);
      return day.getYear() > 2000 && day.getYear() < 2200 ? day : otherwise;
    } catch (DateTimeException unreadable) {
      return otherwise;
    }
  }

  DecisionDesk.Wanted wanted(int limit) {
    return new DecisionDesk.Wanted(from, to, category, detector, action, null, after, limit);
  }

  /** The query that says the same, without the place in the list. */
  public String query() {
    UriComponentsBuilder query =
        UriComponentsBuilder.newInstance().queryParam("from", from).queryParam("to", to);
    add(query, "category", category);
    add(query, "detector", detector);
    add(query, "action", action);
    return query.encode().build().toUriString();
  }

  private static void add(UriComponentsBuilder query, String name, @Nullable String value) {
    if (value != null) {
      query.queryParam(name, "{value}").uriVariables(Map.of("value", value));
    }
  }
}

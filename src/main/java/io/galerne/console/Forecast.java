package io.galerne.console;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * What a month will cost if it goes on as it went so far.
 *
 * @param micros null as long as the month is too young to tell
 */
record Forecast(@Nullable Long micros) {
  private static final Duration TOO_YOUNG = Duration.ofHours(24);

  static Forecast of(YearMonth month, long spentMicros, Instant now) {
    Instant start = month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant end = month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    Duration passed = Duration.between(start, now);
    if (passed.compareTo(TOO_YOUNG) < 0) {
      return new Forecast(null);
    }
    double share = (double) passed.toSeconds() / Duration.between(start, end).toSeconds();
    return new Forecast(Math.round(spentMicros / Math.min(1, share)));
  }
}

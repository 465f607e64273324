package io.galerne.adminapi;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * When keys end. The contract has a date, {@code expiration}: the key works to the end of that day
 * in UTC. To the second it is {@code expires_at}, which is ours.
 */
@Component
class Expirations {
  private static final int YEARS_MAX = 100;

  private final Clock clock;

  Expirations(Clock clock) {
    this.clock = clock;
  }

  /** Null for a key that does not end. */
  @Nullable Instant read(Fields fields) {
    LocalDate date = fields.date("expiration");
    Instant moment = fields.instant("expires_at");
    if (date != null && moment != null) {
      fields.wrong("expires_at", "value_error", "Only one of expiration and expires_at");
      return null;
    }
    if (date != null && date.getYear() > year() + YEARS_MAX) {
      fields.wrong("expiration", "date_future", "Date is more than 100 years away");
      return null;
    }
    Instant end = date == null ? moment : date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    if (end != null && !end.isAfter(clock.instant())) {
      fields.wrong(
          date == null ? "expires_at" : "expiration",
          "date_future",
          "Date should be in the future");
    }
    return end;
  }

  /** The last day on which a key works. */
  static @Nullable LocalDate lastDay(@Nullable Instant end) {
    return end == null ? null : day(end.minusNanos(1));
  }

  static LocalDate day(Instant moment) {
    return moment.atZone(ZoneOffset.UTC).toLocalDate();
  }

  private int year() {
    return day(clock.instant()).getYear();
  }
}

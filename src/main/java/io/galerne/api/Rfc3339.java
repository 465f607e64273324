package io.galerne.api;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Moments as RFC 3339 writes them. It has offsets of up to 23:59 and leap seconds, of which Java's
 * own readers know neither: theirs end at 18:00, the furthest that anybody lives from Greenwich.
 */
public final class Rfc3339 {
  private static final Pattern OFFSET =
      Pattern.compile("([Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))$");

  private static final Pattern LEAP_SECOND = Pattern.compile("(?<=[Tt][0-9]{2}:[0-9]{2}:)60");

  private Rfc3339() {}

  /**
   * Reads a moment with its offset; the result is at UTC.
   *
   * @throws DateTimeException if it is none
   */
  public static OffsetDateTime parse(String text) {
    Matcher offset = OFFSET.matcher(text);
    if (!offset.find()) {
      throw new DateTimeException("a moment without an offset");
    }
    LocalDateTime there = local(text.substring(0, offset.start()));
    return there.minus(duration(offset)).atOffset(ZoneOffset.UTC);
  }

  /**
   * Reads a moment; one that says no offset is at UTC.
   *
   * @throws DateTimeException if it is none
   */
  public static OffsetDateTime parseAtUtc(String text) {
    return OFFSET.matcher(text).find() ? parse(text) : local(text).atOffset(ZoneOffset.UTC);
  }

  private static Duration duration(Matcher offset) {
    if (offset.group(2) == null) {
      return Duration.ZERO;
    }
    Duration duration =
        Duration.ofHours(Integer.parseInt(offset.group(3)))
            .plusMinutes(Integer.parseInt(offset.group(4)));
    return offset.group(2).equals("-") ? duration.negated() : duration;
  }

  private static LocalDateTime local(String text) {
    Matcher leap = LEAP_SECOND.matcher(text);
    return leap.find()
        ? LocalDateTime.parse(leap.replaceFirst("59")).plusSeconds(1)
        : LocalDateTime.parse(text);
  }
}

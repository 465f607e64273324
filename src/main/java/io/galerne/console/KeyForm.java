package io.galerne.console;

import io.galerne.identity.KeyCaps;
import io.galerne.identity.KeyScope;
import io.galerne.identity.NewApiKey;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The form of a new key, as it was sent. Lists are separated by commas.
 *
 * @param expires a day; empty for never
 * @param spend the most that it may spend in a month, in units of the currency
 */
record KeyForm(
    @Nullable String name,
    @Nullable String workspace,
    @Nullable String expires,
    @Nullable String models,
    @Nullable String networks,
    @Nullable String spend,
    @Nullable String requests,
    @Nullable String tokens) {
  static final KeyForm EMPTY = new KeyForm("", "", "", "", "", "", "", "");
  private static final int NAME_CHARS_MAX = 255;
  private static final int LIST_MAX = 100;
  private static final int TEXT_CHARS_MAX = 20_000;
  private static final BigDecimal SPEND_MAX = BigDecimal.valueOf(9_000_000);
  private static final int MICRO_SCALE = 6;

  /** What became of reading it. */
  sealed interface Read {}

  record Good(NewApiKey wanted) implements Read {}

  /**
   * @param problem the key of what is wrong with the field
   */
  record Wrong(String field, String problem) implements Read {}

  Read read(UUID memberId, Instant now) {
    String called = text(name);
    UUID where = UsageFilter.id(workspace);
    if (called.isEmpty() || called.length() > NAME_CHARS_MAX) {
      return new Wrong("name", "keys.wrong.name");
    }
    if (where == null) {
      return new Wrong("workspace", "keys.wrong.workspace");
    }
    Instant end = null;
    if (!text(expires).isEmpty()) {
      end = endOf(text(expires)).filter(found -> found.isAfter(now)).orElse(null);
      if (end == null) {
        return new Wrong("expires", "keys.wrong.expires");
      }
    }
    List<String> blocks = new ArrayList<>();
    for (String network : list(networks)) {
      Optional<String> plain = KeyScope.network(network);
      if (plain.isEmpty()) {
        return new Wrong("networks", "keys.wrong.networks");
      }
      blocks.add(plain.get());
    }
    if (list(models).size() > LIST_MAX || blocks.size() > LIST_MAX) {
      return new Wrong("models", "keys.wrong.list");
    }
    Long cap = micros(text(spend));
    Long perSecond = number(text(requests), 1_000_000);
    Long perMinute = number(text(tokens), 1_000_000_000_000L);
    if (cap != null && cap < 0) {
      return new Wrong("spend", "keys.wrong.spend");
    }
    if (perSecond != null && perSecond < 0) {
      return new Wrong("requests", "keys.wrong.number");
    }
    if (perMinute != null && perMinute < 0) {
      return new Wrong("tokens", "keys.wrong.number");
    }
    return new Good(
        new NewApiKey(
            where,
            memberId,
            called,
            end,
            new KeyScope(list(models), List.of(), blocks),
            new KeyCaps(perSecond == null ? null : perSecond.intValue(), perMinute, null, cap)));
  }

  private static Optional<Instant> endOf(String day) {
    try {
      return Optional.of(LocalDate.parse(day).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }

  /**
   * An amount of the currency in micro-units; null for none, negative for one that can't be read.
   */
  static @Nullable Long micros(String text) {
    if (text.isEmpty()) {
      return null;
    }
    if (!text.matches("\\d{1,9}([.,]\\d{1,6})?")) {
      return -1L;
    }
    BigDecimal amount = new BigDecimal(text.replace(',', '.'));
    return amount.compareTo(SPEND_MAX) > 0
        ? -1L
        : amount.movePointRight(MICRO_SCALE).longValueExact();
  }

  private static @Nullable Long number(String text, long most) {
    if (text.isEmpty()) {
      return null;
    }
    if (!text.matches("\\d{1,15}")) {
      return -1L;
    }
    long value = Long.parseLong(text);
    return value >= 1 && value <= most ? value : -1L;
  }

  private static List<String> list(@Nullable String text) {
    return Arrays.stream(text(text).split("[,\\n]", -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .distinct()
        .toList();
  }

  private static String text(@Nullable String text) {
    return UsageFilter.typed(text, TEXT_CHARS_MAX);
  }
}

package io.galerne.chat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The settings as a form has them: texts, empty where nothing is set. */
record SettingsForm(
    @Nullable String slug,
    @Nullable String name,
    @Nullable String accent,
    @Nullable String welcome,
    @Nullable List<String> models,
    @Nullable String sealed,
    @Nullable String sharing,
    @Nullable String retentionDays,
    @Nullable String messagesPerDay,
    @Nullable String tokensPerDay,
    @Nullable String tokensPerMonth,
    @Nullable String spendPerMonth) {
  private static final int MICROS_DIGITS = 6;

  static SettingsForm of(ChatSettings settings) {
    Caps caps = settings.caps();
    return new SettingsForm(
        settings.slug(),
        settings.name(),
        settings.accent(),
        settings.welcome(),
        settings.models(),
        settings.sealed() ? "on" : null,
        settings.sharing() ? "on" : null,
        Integer.toString(settings.retentionDays()),
        text(caps.messagesPerDay()),
        text(caps.tokensPerDay()),
        text(caps.tokensPerMonth()),
        money(caps.spendMicrosPerMonth()));
  }

  /**
   * @throws ChatRefusedException naming the first field that is wrong
   */
  ChatSettings toSettings() {
    String path = plain(slug);
    String colour = plain(accent);
    Long days = number("retentionDays", retentionDays);
    if (days == null || days < 1 || days > ChatSettings.RETENTION_DAYS_MAX) {
      throw ChatRefusedException.invalid(
          "retentionDays", "range", 1, ChatSettings.RETENTION_DAYS_MAX);
    }
    ChatSettings settings =
        new ChatSettings(
            path.isEmpty() ? null : path,
            plain(name),
            colour.isEmpty() ? null : colour.toLowerCase(Locale.ROOT),
            plain(welcome).replace("\r\n", "\n"),
            models == null ? List.of() : models,
            sealed != null,
            sharing != null,
            days.intValue(),
            toCaps());
    settings.check();
    return settings;
  }

  /**
   * @throws ChatRefusedException naming the first field that is wrong
   */
  Caps toCaps() {
    return new Caps(
        number("messagesPerDay", messagesPerDay),
        number("tokensPerDay", tokensPerDay),
        number("tokensPerMonth", tokensPerMonth),
        micros(spendPerMonth));
  }

  private static String plain(@Nullable String text) {
    return text == null ? "" : text.strip();
  }

  private static @Nullable Long number(String field, @Nullable String text) {
    String plain = plain(text);
    if (plain.isEmpty()) {
      return null;
    }
    if (!plain.matches("\\d{1,15}")) {
      throw ChatRefusedException.invalid(field, "number");
    }
    return Long.valueOf(plain);
  }

  private static @Nullable Long micros(@Nullable String text) {
    String plain = plain(text).replace(',', '.');
    if (plain.isEmpty()) {
      return null;
    }
    if (!plain.matches("\\d{1,9}(\\.\\d{1,6})?")) {
      throw ChatRefusedException.invalid("spendPerMonth", "number");
    }
    return new BigDecimal(plain).movePointRight(MICROS_DIGITS).longValueExact();
  }

  private static @Nullable String text(@Nullable Long value) {
    return value == null ? null : value.toString();
  }

  static @Nullable String money(@Nullable Long micros) {
    return micros == null
        ? null
        : BigDecimal.valueOf(micros, MICROS_DIGITS).stripTrailingZeros().toPlainString();
  }
}

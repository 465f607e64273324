package io.galerne.chat;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant decided about its chat.
 *
 * @param slug the chat's own path, {@code /chat/SLUG}; null for none
 * @param name what the chat is called; empty for the tenant's name
 * @param accent {@code #rrggbb}; null for Galerne's
 * @param models ids of the models that are offered; empty for all
 * @param sealed whether conversations are encrypted in the database
 * @param sharing whether members may share conversations with colleagues
 * @param retentionDays after how many days without a message a conversation is deleted
 * @param caps of every member who has none of his own
 */
record ChatSettings(
    @Nullable String slug,
    String name,
    @Nullable String accent,
    String welcome,
    List<String> models,
    boolean sealed,
    boolean sharing,
    int retentionDays,
    Caps caps) {
  static final int NAME_CHARS_MAX = 60;
  static final int WELCOME_CHARS_MAX = 500;
  static final int RETENTION_DAYS_MAX = 3650;
  static final ChatSettings DEFAULT =
      new ChatSettings(null, "", null, "", List.of(), false, true, 365, Caps.NONE);

  private static final Pattern SLUG = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");
  private static final Pattern ACCENT = Pattern.compile("#[0-9a-f]{6}");

  /** Parts of the chat's own paths. */
  private static final List<String> RESERVED = List.of("api", "c", "shared", "brand", "assets");

  ChatSettings {
    models = List.copyOf(models);
  }

  /**
   * @throws ChatRefusedException naming the first field that is wrong
   */
  void check() {
    if (slug != null && (!SLUG.matcher(slug).matches() || RESERVED.contains(slug))) {
      throw ChatRefusedException.invalid("slug", "slug");
    }
    if (name.length() > NAME_CHARS_MAX) {
      throw ChatRefusedException.invalid("name", "long", NAME_CHARS_MAX);
    }
    if (welcome.length() > WELCOME_CHARS_MAX) {
      throw ChatRefusedException.invalid("welcome", "long", WELCOME_CHARS_MAX);
    }
    if (accent != null && !ACCENT.matcher(accent.toLowerCase(Locale.ROOT)).matches()) {
      throw ChatRefusedException.invalid("accent", "accent");
    }
    if (retentionDays < 1 || retentionDays > RETENTION_DAYS_MAX) {
      throw ChatRefusedException.invalid("retentionDays", "range", 1, RETENTION_DAYS_MAX);
    }
    requirePositive("messagesPerDay", caps.messagesPerDay(), 1);
    requirePositive("tokensPerDay", caps.tokensPerDay(), 1);
    requirePositive("tokensPerMonth", caps.tokensPerMonth(), 1);
    requirePositive("spendPerMonth", caps.spendMicrosPerMonth(), 0);
  }

  private static void requirePositive(String field, @Nullable Long value, long least) {
    if (value != null && (value < least || value > 1_000_000_000_000_000L)) {
      throw ChatRefusedException.invalid(field, "least", least);
    }
  }
}

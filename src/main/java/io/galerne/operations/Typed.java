package io.galerne.operations;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What people type into forms and addresses, read with bounds. */
final class Typed {
  private static final Pattern EMAIL =
      Pattern.compile("[^\\s@<>,;:\"\\p{Cntrl}]{1,64}@[\\p{L}\\p{N}-]+(\\.[\\p{L}\\p{N}-]+)+");
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final int EMAIL_MAX = 255;
  private static final int PAGE_MAX = 100_000;

  private Typed() {}

  /** Without spaces around it and without control characters; cut at a length. */
  static String text(@Nullable String typed, int charsMax) {
    String text = typed == null ? "" : typed.strip().replaceAll("\\p{Cntrl}", "");
    return text.length() > charsMax ? text.substring(0, charsMax) : text;
  }

  /** An address in lower case, if it is one. */
  static Optional<String> email(@Nullable String typed) {
    String text = typed == null ? "" : typed.strip().toLowerCase(Locale.ROOT);
    return text.length() <= EMAIL_MAX && EMAIL.matcher(text).matches()
        ? Optional.of(text)
        : Optional.empty();
  }

  /** A text that is no id names nothing, as an unknown id does. */
  static UUID id(String typed) {
    return UUID_FORM.matcher(typed).matches() ? UUID.fromString(typed) : new UUID(0, 0);
  }

  static int page(@Nullable String typed) {
    return typed != null && typed.matches("\\d{1,6}")
        ? Math.clamp(Integer.parseInt(typed), 1, PAGE_MAX)
        : 1;
  }

  /**
   * A number as it was typed.
   *
   * @param value null for nothing, and for what is no number
   */
  record Amount(boolean wrong, @Nullable BigDecimal value) {}

  /** A number that may have spaces between its digits. */
  static Amount number(@Nullable String typed) {
    String text =
        typed == null ? "" : typed.replaceAll("[\\s\\u00a0\\u202f]", "").replace(',', '.');
    boolean good = text.matches("\\d{1,18}(\\.\\d{1,9})?");
    return new Amount(!good && !text.isEmpty(), good ? new BigDecimal(text) : null);
  }
}

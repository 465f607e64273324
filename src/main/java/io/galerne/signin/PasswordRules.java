package io.galerne.signin;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** What a new password must be. Length counts, not kinds of characters (NIST SP 800-63B). */
final class PasswordRules {
  static final int CHARS_MIN = 12;

  /** What bcrypt takes. */
  static final int BYTES_MAX = 72;

  private PasswordRules() {}

  /** The key of what is wrong with it, if anything is. */
  static Optional<String> problem(String password, String email) {
    String lower = password.toLowerCase(Locale.ROOT);
    String name = email.substring(0, Math.max(0, email.indexOf('@')));
    if (password.codePointCount(0, password.length()) < CHARS_MIN) {
      return Optional.of("account.password.short");
    }
    if (password.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      return Optional.of("account.password.long");
    }
    if (password.codePoints().distinct().count() < 5
        || lower.contains(email)
        || (name.length() >= 4 && lower.startsWith(name))) {
      return Optional.of("account.password.guessable");
    }
    return Optional.empty();
  }
}

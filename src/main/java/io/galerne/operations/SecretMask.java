package io.galerne.operations;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * What of the configuration nobody may read off a page: what is called like a secret, what comes
 * from where secrets are mounted, and what addresses carry within them. Rather too much than too
 * little is masked.
 */
final class SecretMask {
  static final String MASK = "••••••";

  private static final Pattern NAME =
      Pattern.compile(
          ".*(?:password|passwd|passphrase|secret|credential|pepper|sealing|private).*"
              + "|.*(?:key|keys|token|salt|jaas)(?:\\[\\d+\\].*)?");

  private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]+(?=@)");
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)(password|passwd|secret|token|api-?key|key|user)=[^&;,\\s]+");
  private static final Pattern LOOKS_LIKE_KEY =
      Pattern.compile("gal_(?:live|admin|operator|invite|link)_[0-9A-Za-z]+|sk-[0-9A-Za-z_-]{16,}");

  private SecretMask() {}

  static String of(String name, String value, @Nullable PropertySource<?> source) {
    String plain = name.toLowerCase(Locale.ROOT).replace('_', '-');
    if (value.isEmpty()) {
      return value;
    }
    if (source instanceof ConfigTreePropertySource || NAME.matcher(plain).matches()) {
      return MASK;
    }
    String clean = USER_INFO.matcher(value).replaceAll(MASK);
    clean = PARAMETER.matcher(clean).replaceAll("$1=" + MASK);
    return LOOKS_LIKE_KEY.matcher(clean).replaceAll(MASK);
  }
}

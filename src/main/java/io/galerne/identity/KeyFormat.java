package io.galerne.identity;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.zip.CRC32;

/**
 * The form of an API key: {@code gal_live_}, 32 random characters (190 bits) and 6 characters of
 * checksum, all of them letters and digits: {@code gal_live_[0-9A-Za-z]{38}}.
 *
 * <p>As with GitHub's tokens, the prefix lets scanners find leaked keys, the underscore lets a
 * double click select the whole key, and the CRC-32 tells a typing error or an invented key without
 * asking the database. The checksum protects nothing.
 *
 * @see <a
 *     href="https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/">Behind
 *     GitHub's new authentication token formats</a>
 */
final class KeyFormat {
  static final String PREFIX = "gal_live_";

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int RANDOM_CHARS = 32;
  private static final int CHECKSUM_CHARS = 6; // 62^6 > 2^32
  private static final int DISPLAYED_CHARS = 6;
  private static final int CHECKED_CHARS = PREFIX.length() + RANDOM_CHARS;
  private static final int KEY_CHARS = CHECKED_CHARS + CHECKSUM_CHARS;

  private KeyFormat() {}

  static String newKey(SecureRandom random) {
    StringBuilder key = new StringBuilder(KEY_CHARS).append(PREFIX);
    while (key.length() < CHECKED_CHARS) {
      key.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return key.append(checksum(key)).toString();
  }

  /** Whether the text could be a key of ours. */
  static boolean isWellFormed(String text) {
    if (text.length() != KEY_CHARS || !text.startsWith(PREFIX)) {
      return false;
    }
    for (int i = PREFIX.length(); i < KEY_CHARS; i++) {
      if (ALPHABET.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return text.substring(CHECKED_CHARS).equals(checksum(text.substring(0, CHECKED_CHARS)));
  }

  /** The beginning of the key, for lists; leaves 154 bits unsaid. */
  static String display(String key) {
    return key.substring(0, PREFIX.length() + DISPLAYED_CHARS) + "…";
  }

  private static String checksum(CharSequence checked) {
    CRC32 crc = new CRC32();
    crc.update(checked.toString().getBytes(StandardCharsets.US_ASCII));
    char[] digits = new char[CHECKSUM_CHARS];
    long rest = crc.getValue();
    for (int i = CHECKSUM_CHARS - 1; i >= 0; i--) {
      digits[i] = ALPHABET.charAt((int) (rest % ALPHABET.length()));
      rest /= ALPHABET.length();
    }
    return new String(digits);
  }
}

package io.galerne.identity;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.zip.CRC32;

/**
 * The form of a secret that Galerne gives out: a prefix that tells what it is for, 32 random
 * characters (190 bits) and 6 characters of checksum, all of them letters and digits: {@code
 * gal_(live|admin|operator|invite|link)_[0-9A-Za-z]{38}}.
 *
 * <p>As with GitHub's tokens, the prefix lets scanners find leaked keys, the underscore lets a
 * double click select the whole key, and the CRC-32 tells a typing error or an invented key without
 * asking the database. The checksum protects nothing.
 *
 * @see <a
 *     href="https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/">Behind
 *     GitHub's new authentication token formats</a>
 */
enum KeyFormat {
  /** For {@code /v1}. */
  API("gal_live_"),
  /** For {@code /v1/admin}, as a member of a tenant. */
  ADMIN("gal_admin_"),
  /** For {@code /v1/admin}, as the platform's operator. */
  OPERATOR("gal_operator_"),
  /** For accepting an invitation. */
  INVITATION("gal_invite_"),
  /** For signing a person in, once. */
  SIGN_IN("gal_link_");

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int RANDOM_CHARS = 32;
  private static final int CHECKSUM_CHARS = 6; // 62^6 > 2^32
  private static final int DISPLAYED_CHARS = 6;

  private final String prefix;
  private final int checkedChars;

  KeyFormat(String prefix) {
    this.prefix = prefix;
    this.checkedChars = prefix.length() + RANDOM_CHARS;
  }

  String newKey(SecureRandom random) {
    StringBuilder key = new StringBuilder(checkedChars + CHECKSUM_CHARS).append(prefix);
    while (key.length() < checkedChars) {
      key.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return key.append(checksum(key)).toString();
  }

  /** Whether the text could be a key of this kind. */
  boolean isWellFormed(String text) {
    if (text.length() != checkedChars + CHECKSUM_CHARS || !text.startsWith(prefix)) {
      return false;
    }
    for (int i = prefix.length(); i < text.length(); i++) {
      if (ALPHABET.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return text.substring(checkedChars).equals(checksum(text.substring(0, checkedChars)));
  }

  /** The beginning of the key, for lists; leaves 154 bits unsaid. */
  String display(String key) {
    return key.substring(0, prefix.length() + DISPLAYED_CHARS) + "…";
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

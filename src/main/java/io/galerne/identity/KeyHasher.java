package io.galerne.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns a key into what is stored of it: HMAC-SHA-256 under the pepper, in hexadecimal. A fast hash
 * will do because a key is random and long; the pepper makes a stolen table useless by itself.
 */
final class KeyHasher {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec pepper;

  KeyHasher(String pepper) {
    this.pepper = new SecretKeySpec(pepper.getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  String hash(String key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(pepper);
      return HexFormat.of().formatHex(mac.doFinal(key.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}

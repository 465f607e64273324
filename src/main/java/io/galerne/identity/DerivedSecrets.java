package io.galerne.identity;

import java.util.HexFormat;
import org.springframework.stereotype.Component;

/**
 * Secrets that follow from the pepper: the same on every instance that shares it, and worth nothing
 * to who has only the database.
 */
@Component
public final class DerivedSecrets {
  private final KeyHasher hasher;

  DerivedSecrets(KeyHasher hasher) {
    this.hasher = hasher;
  }

  /**
   * 32 bytes that follow from the purpose and the context.
   *
   * @param purpose what they are for, without a line end; other purposes give other bytes
   */
  public byte[] derive(String purpose, String context) {
    return HexFormat.of().parseHex(deriveHex(purpose, context));
  }

  /** As {@link #derive}, in hexadecimal. */
  public String deriveHex(String purpose, String context) {
    if (purpose.indexOf('\n') >= 0 || purpose.isEmpty()) {
      throw new IllegalArgumentException("a purpose is one line");
    }
    return hasher.hash("derived\n" + purpose + "\n" + context);
  }
}

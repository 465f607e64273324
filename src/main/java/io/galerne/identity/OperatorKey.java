package io.galerne.identity;

import java.security.SecureRandom;

/** Keys for {@code galerne.identity.operator-key}. */
public final class OperatorKey {
  private OperatorKey() {}

  /** A new one, which opens nothing until an installation is configured with it. */
  public static String fresh() {
    return KeyFormat.OPERATOR.newKey(new SecureRandom());
  }
}

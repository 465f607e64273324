package io.galerne.limits;

import java.util.Locale;

/** What a limit or a cap is on. */
public enum Scope {
  ORGANISATION,
  WORKSPACE,
  KEY;

  /** As stored. */
  String stored() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Scope of(String stored) {
    return valueOf(stored.toUpperCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return stored();
  }
}

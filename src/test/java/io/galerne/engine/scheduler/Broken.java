package io.galerne.engine.scheduler;

/** An invariant that does not hold. */
final class Broken extends RuntimeException {
  private final String invariant;

  Broken(String invariant, String detail) {
    super(invariant + ": " + detail);
    this.invariant = invariant;
  }

  String invariant() {
    return invariant;
  }

  static void unless(boolean holds, String invariant, String detail) {
    if (!holds) {
      throw new Broken(invariant, detail);
    }
  }
}

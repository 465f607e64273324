package io.galerne.planted;

/** Root of classes that break the rules on purpose, to prove that the rules find them. */
public final class Planted {
  private Planted() {}
}

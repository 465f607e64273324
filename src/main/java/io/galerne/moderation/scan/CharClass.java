package io.galerne.moderation.scan;

import java.util.function.IntPredicate;

/** A set of characters with a quick answer for ASCII. */
final class CharClass {
  private static final int ASCII = 128;

  private final long low;
  private final long high;
  private final IntPredicate others;

  private CharClass(IntPredicate members) {
    long first = 0;
    long second = 0;
    for (int c = 0; c < Long.SIZE; c++) {
      first |= members.test(c) ? 1L << c : 0;
      second |= members.test(c + Long.SIZE) ? 1L << c : 0;
    }
    low = first;
    high = second;
    others = members;
  }

  static CharClass of(IntPredicate members) {
    return new CharClass(members);
  }

  boolean contains(int c) {
    if (c < Long.SIZE) {
      return (low >>> c & 1) != 0;
    }
    return c < ASCII ? (high >>> c & 1) != 0 : others.test(c);
  }

  CharClass or(CharClass other) {
    return new CharClass(c -> contains(c) || other.contains(c));
  }

  /** The set with the other case of each of its letters. */
  CharClass anyCase() {
    return new CharClass(
        c ->
            others.test(c)
                || others.test(Character.toLowerCase(c))
                || others.test(Character.toUpperCase(c))
                || others.test(Character.toTitleCase(c)));
  }
}

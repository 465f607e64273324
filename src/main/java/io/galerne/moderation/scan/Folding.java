package io.galerne.moderation.scan;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a single character may stand for, so that phrases are found in spite of evasions: the letter
 * without case, accents and ornament, the letter that it resembles, the letter that it replaces in
 * leetspeak; or nothing, where it can't be seen; or a gap between letters.
 *
 * @param readings each in lower case and not empty; without any, the character is no letter
 * @param separator whether it may stand between letters
 * @param invisible whether readers don't see it: it is as if it weren't there
 */
record Folding(List<String> readings, boolean separator, boolean invisible) {
  private static final int REMEMBERED_MAX = 20_000;
  private static final int BRAILLE_BLANK = 0x2800;
  private static final int HANGUL_FILLER = 0x3164;
  private static final ConcurrentHashMap<Integer, Folding> REMEMBERED = new ConcurrentHashMap<>();

  static Folding of(int c) {
    Folding known = REMEMBERED.get(c);
    if (known != null) {
      return known;
    }
    Folding folding = fold(c);
    if (REMEMBERED.size() < REMEMBERED_MAX) {
      REMEMBERED.put(c, folding);
    }
    return folding;
  }

  /** The first reading only: what a phrase itself is written in. */
  static String plain(int c) {
    Folding folding = of(c);
    return folding.readings.isEmpty() ? "" : folding.readings.getFirst();
  }

  private static Folding fold(int c) {
    if (isInvisible(c)) {
      return new Folding(List.of(), false, true);
    }
    List<String> readings = new ArrayList<>();
    String letters = letters(c);
    if (!letters.isEmpty()) {
      readings.add(letters);
    }
    leet(c).chars().forEach(letter -> readings.add(Character.toString(letter)));
    return new Folding(List.copyOf(readings), !Character.isLetterOrDigit(c), false);
  }

  /** Letters and digits of the decomposition, in lower case; marks are left out. */
  private static String letters(int c) {
    StringBuilder plain = new StringBuilder();
    Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKD)
        .codePoints()
        .map(Character::toLowerCase)
        .forEach(
            part -> {
              String twin = Lookalikes.of(part);
              if (twin != null) {
                plain.append(twin);
              } else if (Character.isLetterOrDigit(part)) {
                plain.appendCodePoint(part);
              }
            });
    return plain.toString();
  }

  private static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.UNASSIGNED ->
          true;
      case Character.CONTROL -> !Character.isWhitespace(c);
      default -> c == BRAILLE_BLANK || (c >= 0x115F && c <= 0x1160) || c == HANGUL_FILLER;
    };
  }

  /** The letters that a digit or sign replaces. */
  private static String leet(int c) {
    return switch (c) {
      case '0' -> "o";
      case '1', '|' -> "il";
      case '!', '¡' -> "i";
      case '2' -> "z";
      case '3' -> "e";
      case '4', '@', '^' -> "a";
      case '5', '$', '§' -> "s";
      case '6' -> "gb";
      case '7', '+', '†' -> "t";
      case '8' -> "b";
      case '9' -> "gq";
      case '(', '<', '{', '[' -> "c";
      case '#' -> "h";
      case '%' -> "x";
      default -> "";
    };
  }
}

package io.galerne.moderation.detector;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Twenty ways to write a phrase so that people read it and a search doesn't find it. */
final class Evasions {
  static final Map<String, UnaryOperator<String>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("upper case", text -> text.toUpperCase(java.util.Locale.ROOT));
    ALL.put(
        "alternating case",
        text -> indexed(text, (c, i) -> i % 2 == 0 ? Character.toUpperCase(c) : c));
    ALL.put(
        "accents",
        text -> each(text, c -> c == 'e' ? "é" : c == 'a' ? "ä" : c == 'o' ? "õ" : chars(c)));
    ALL.put(
        "combining marks",
        text -> each(text, c -> Character.isLetter(c) ? chars(c) + "\u0336" : chars(c)));
    ALL.put(
        "full width", text -> each(text, c -> c > ' ' && c < 127 ? chars(c + 0xFEE0) : chars(c)));
    ALL.put(
        "mathematical bold",
        text -> each(text, c -> c >= 'a' && c <= 'z' ? chars(0x1D41A + c - 'a') : chars(c)));
    ALL.put(
        "mathematical script",
        text -> each(text, c -> c >= 'a' && c <= 'z' ? chars(0x1D4EA + c - 'a') : chars(c)));
    ALL.put(
        "circled",
        text -> each(text, c -> c >= 'a' && c <= 'z' ? chars(0x24D0 + c - 'a') : chars(c)));
    ALL.put(
        "squared",
        text -> each(text, c -> c >= 'a' && c <= 'z' ? chars(0x1F170 + c - 'a') : chars(c)));
    ALL.put("cyrillic", text -> mapped(text, "aeopcyxijskm", "аеорсухіјѕкм"));
    ALL.put("greek", text -> mapped(text, "aeiopkvntux", "αειορκνητυχ"));
    ALL.put("small capitals", text -> mapped(text, "abcdeghijklmnoprtu", "ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜ"));
    ALL.put("zero width space", text -> each(text, c -> chars(c) + "\u200B"));
    ALL.put("joiners and soft hyphens", text -> indexed(text, (c, i) -> c, "\u200D\u00AD"));
    ALL.put("direction marks", text -> "\u202B" + each(text, c -> chars(c) + "\u200F") + "\u202C");
    ALL.put("leet", text -> mapped(text, "aeiost", "431057"));
    ALL.put("signs for letters", text -> mapped(text, "asil", "@$!|"));
    ALL.put(
        "letters spaced out", text -> text.replace(" ", "  ").replaceAll("(?<=\\pL)(?=\\pL)", " "));
    ALL.put("dots between letters", text -> text.replaceAll("(?<=\\pL)(?=\\pL)", "."));
    ALL.put("stretched", text -> text.replaceAll("([aeiou])", "$1$1$1$1"));
  }

  private Evasions() {}

  private interface Indexed {
    int apply(int c, int index);
  }

  private static String chars(int c) {
    return Character.toString(c);
  }

  private static String each(String text, IntFunction<String> change) {
    return text.codePoints().mapToObj(change).collect(Collectors.joining());
  }

  private static String indexed(String text, Indexed change) {
    return indexed(text, change, "");
  }

  private static String indexed(String text, Indexed change, String after) {
    StringBuilder out = new StringBuilder();
    int[] points = text.codePoints().toArray();
    for (int i = 0; i < points.length; i++) {
      out.appendCodePoint(change.apply(points[i], i)).append(after);
    }
    return out.toString();
  }

  private static String mapped(String text, String from, String to) {
    return each(
        text,
        c -> from.indexOf(c) < 0 ? chars(c) : to.substring(from.indexOf(c), from.indexOf(c) + 1));
  }

  /** A phrase of letters that mean nothing. */
  static String phrase(Random random) {
    String consonants = "bdfgklmnprstvz";
    StringBuilder phrase = new StringBuilder();
    for (int words = 1 + random.nextInt(2); words > 0; words--) {
      for (int syllables = 2 + random.nextInt(2); syllables > 0; syllables--) {
        phrase
            .append(consonants.charAt(random.nextInt(consonants.length())))
            .append("aeiou".charAt(random.nextInt(5)));
      }
      phrase.append(consonants.charAt(random.nextInt(consonants.length())));
      phrase.append(words > 1 ? " " : "");
    }
    return phrase.toString();
  }
}

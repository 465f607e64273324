package io.galerne.chat;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds words in texts without regard to case and accents. */
final class TextSearch {
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final int WORDS_CHARS_MAX = 200;
  private static final int AROUND_CHARS = 60;

  private final String words;

  TextSearch(String words) {
    String bounded = words.length() > WORDS_CHARS_MAX ? words.substring(0, WORDS_CHARS_MAX) : words;
    this.words = plain(BLANKS.matcher(bounded.strip()).replaceAll(" "));
  }

  boolean isEmpty() {
    return words.isEmpty();
  }

  boolean isIn(String text) {
    return plain(text).contains(words);
  }

  /** Some of the text around the first place that has the words. */
  Optional<String> snippet(String text) {
    String line = BLANKS.matcher(text).replaceAll(" ");
    String plain = plain(line);
    int at = plain.indexOf(words);
    if (at < 0) {
      return Optional.empty();
    }
    // where folding changed the length the place is only near
    int near =
        plain.length() == line.length() ? at : (int) ((long) at * line.length() / plain.length());
    int from = Math.max(0, near - AROUND_CHARS);
    int to = Math.min(line.length(), near + words.length() + AROUND_CHARS);
    from = from > 0 && Character.isLowSurrogate(line.charAt(from)) ? from + 1 : from;
    to = to < line.length() && Character.isLowSurrogate(line.charAt(to)) ? to - 1 : to;
    return Optional.of(
        (from > 0 ? "…" : "") + line.substring(from, to).strip() + (to < line.length() ? "…" : ""));
  }

  private static String plain(String text) {
    String apart = Normalizer.normalize(text, Normalizer.Form.NFKD);
    return MARKS.matcher(apart).replaceAll("").toLowerCase(Locale.ROOT);
  }
}

package io.galerne.engine.tokenizer;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts text into words before byte pairs are merged within each. Each pattern cuts the pieces that
 * the one before it left, what it matches and what lies between, and sees nothing beyond its piece.
 *
 * @param wholeWordsFirst whether a word that is a token as it stands is not merged from bytes
 * @param addsBeginOfSequence the default where the file does not say
 */
record PreTokenizer(List<Pattern> patterns, boolean wholeWordsFirst, boolean addsBeginOfSequence) {
  /** What hands out the words of a text, as places in it. */
  interface Words {
    void word(int start, int end);
  }

  static PreTokenizer of(
      boolean wholeWordsFirst, boolean addsBeginOfSequence, String... expressions) {
    List<Pattern> patterns =
        List.of(expressions).stream()
            .map(expression -> Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS))
            .toList();
    return new PreTokenizer(patterns, wholeWordsFirst, addsBeginOfSequence);
  }

  /** By a name as {@code tokenizer.ggml.pre} has it. */
  static Optional<PreTokenizer> named(String name) {
    return PreTokenizers.named(name);
  }

  static SortedSet<String> names() {
    return PreTokenizers.names();
  }

  void split(String text, Words words) {
    split(text, 0, text.length(), 0, words);
  }

  private void split(String text, int start, int end, int depth, Words words) {
    if (start == end) {
      return;
    }
    if (depth == patterns.size()) {
      words.word(start, end);
      return;
    }
    Matcher matcher = patterns.get(depth).matcher(text).region(start, end);
    int done = start;
    while (matcher.find()) {
      split(text, done, matcher.start(), depth + 1, words);
      split(text, matcher.start(), matcher.end(), depth + 1, words);
      done = matcher.end();
    }
    split(text, done, end, depth + 1, words);
  }
}

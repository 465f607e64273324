package io.galerne.embedding;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * The first half of BERT's uncased tokenization (Devlin et al. 2018, {@code BasicTokenizer}): a
 * text without controls, accents and capitals, split into words, with each punctuation mark and
 * each Chinese character a word of its own.
 */
final class BertText {
  private BertText() {}

  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    Normalizer.normalize(cleaned(text), Normalizer.Form.NFD)
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .map(Character::toLowerCase)
        .forEach(
            c -> {
              if (c == ' ') {
                end(word, words);
              } else if (isPunctuation(c)) {
                end(word, words);
                words.add(Character.toString(c));
              } else {
                word.appendCodePoint(c);
              }
            });
    end(word, words);
    return words;
  }

  private static void end(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private static String cleaned(String text) {
    StringBuilder cleaned = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isSpace(c)) {
                cleaned.append(' ');
              } else if (isChinese(c)) {
                cleaned.append(' ').appendCodePoint(c).append(' ');
              } else if (c != 0xFFFD && !isOther(c)) {
                cleaned.appendCodePoint(c);
              }
            });
    return cleaned.toString();
  }

  /** The other controls that Unicode calls white space are dropped like all controls. */
  private static boolean isSpace(int c) {
    return Character.isSpaceChar(c) || c == '\t' || c == '\n' || c == '\r';
  }

  private static boolean isOther(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
      default -> false;
    };
  }

  private static boolean isPunctuation(int c) {
    if (c < 128) {
      return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /** The ideograph blocks that BERT's authors list; later extensions are not among them. */
  private static boolean isChinese(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B820 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }
}

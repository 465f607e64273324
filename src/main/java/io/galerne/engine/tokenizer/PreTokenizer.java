package io.galerne.engine.tokenizer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts text into words before byte pairs are merged within each. The patterns are those of the
 * models' own {@code tokenizer.json}; the names are those of {@code tokenizer.ggml.pre}. Each
 * pattern cuts the pieces that the one before it left, what it matches and what lies between, and
 * sees nothing beyond its piece.
 *
 * @param wholeWordsFirst whether a word that is a token as it stands is not merged from bytes
 * @param addsBeginOfSequence the default where the file does not say
 */
record PreTokenizer(List<Pattern> patterns, boolean wholeWordsFirst, boolean addsBeginOfSequence) {
  private static final String SPACES = "|\\s+(?!\\S)|\\s+";
  private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String PUNCTUATION = "| ?[^\\s\\p{L}\\p{N}]+";
  private static final String GPT_2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+" + PUNCTUATION + SPACES;
  private static final String LLAMA_3 = words("\\p{N}{1,3}");
  private static final String QWEN_2 = words("\\p{N}");
  private static final String TEKKEN =
      "[^\\r"
          + "\\n"
          + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|[^\\r"
          + "\\n"
          + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
          + "|\\p{N}"
          + PUNCTUATION
          + "[\\r\\n/]*|\\s*[\\r\\n]+"
          + SPACES;

  private static final Map<String, PreTokenizer> BY_NAME = table();

  /** What hands out the words of a text, as places in it. */
  interface Words {
    void word(int start, int end);
  }

  static Optional<PreTokenizer> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  static SortedSet<String> names() {
    return new TreeSet<>(BY_NAME.keySet());
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

  private static String words(String numbers) {
    return CONTRACTIONS
        + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
        + numbers
        + PUNCTUATION
        + "[\\r\\n]*|\\s*[\\r\\n]+"
        + SPACES;
  }

  private static Map<String, PreTokenizer> table() {
    Map<String, PreTokenizer> table = new TreeMap<>();
    PreTokenizer gpt2 = of(false, false, GPT_2);
    for (String name : List.of("gpt-2", "phi-2", "mpt", "olmo")) {
      table.put(name, gpt2);
    }
    PreTokenizer digitsFirst = of(false, false, "\\p{N}", GPT_2);
    for (String name : List.of("smollm", "starcoder", "refact", "command-r", "codeshell")) {
      table.put(name, digitsFirst);
    }
    PreTokenizer llama3 = of(true, true, LLAMA_3);
    for (String name : List.of("llama-bpe", "llama3", "llama-v3")) {
      table.put(name, llama3);
    }
    PreTokenizer qwen2 = of(false, false, QWEN_2);
    for (String name : List.of("qwen2", "deepseek-r1-qwen", "stablelm2")) {
      table.put(name, qwen2);
    }
    table.put("tekken", of(true, true, TEKKEN));
    table.put(
        "default", of(false, false, "[\\p{P}$+<=>^~|]+", GPT_2, "\\p{N}+", "[0-9][0-9][0-9]"));
    return Map.copyOf(table);
  }

  private static PreTokenizer of(
      boolean wholeWordsFirst, boolean addsBeginOfSequence, String... expressions) {
    List<Pattern> patterns =
        List.of(expressions).stream()
            .map(expression -> Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS))
            .toList();
    return new PreTokenizer(patterns, wholeWordsFirst, addsBeginOfSequence);
  }
}

package io.galerne.engine.tokenizer;

/**
 * The regular expressions by which models cut text into words, as their own {@code tokenizer.json}
 * states them. Where one would take quadratic time on a hostile text, it is an equal that doesn't.
 */
final class WordPatterns {
  private static final String SPACES = "|\\s+(?!\\S)|\\s+";
  private static final String LINES = "|\\s*[\\r\\n]+";
  private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String PUNCTUATION = "| ?[^\\s\\p{L}\\p{N}]+";
  private static final String LETTERS = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
  private static final String HAN = "[\\u4e00-\\u9fa5\\u0800-\\u4e00\\uac00-\\ud7ff]+";
  private static final String HAN_AND_KANA = "[\\u4e00-\\u9fa5\\u3040-\\u309f\\u30a0-\\u30ff]+";
  private static final String ASCII_PUNCTUATION = "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~]";
  private static final String MARKED_WORDS =
      ASCII_PUNCTUATION + "[A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+";

  /** Letters of scripts with two cases, as of the Unicode version that DeepSeek's list is from. */
  private static final String CASED_LETTERS =
      "A-Za-z\\u00b5\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u01ba\\u01bc-\\u01bf\\u01c4"
          + "-\\u0293\\u0295-\\u02af\\u0370-\\u0373\\u0376\\u0377\\u037b-\\u037d\\u037f"
          + "\\u0386\\u0388-\\u038a\\u038c\\u038e-\\u03a1\\u03a3-\\u03f5\\u03f7-\\u0481"
          + "\\u048a-\\u052f\\u0531-\\u0556\\u10a0-\\u10c5\\u13a0-\\u13f5\\u13f8-\\u13fd"
          + "\\u1c90-\\u1cba\\u1cbd-\\u1cbf\\u1d00-\\u1d2b\\u1d6b-\\u1d77\\u1d79-\\u1d9a"
          + "\\u1e00-\\u1f15\\u1f18-\\u1f1d\\u1f20-\\u1f45\\u1f48-\\u1f4d\\u1f50-\\u1f57"
          + "\\u1f59\\u1f5b\\u1f5d\\u1f5f-\\u1f7d\\u1f80-\\u1fb4\\u1fb6-\\u1fbc\\u1fbe\\u1fc2"
          + "-\\u1fc4\\u1fc6-\\u1fcc\\u1fd0-\\u1fd3\\u1fd6-\\u1fdb\\u1fe0-\\u1fec\\u1ff2-"
          + "\\u1ff4\\u1ff6-\\u1ffc\\u2102\\u2107\\u210a-\\u2113\\u2115\\u2119-\\u211d\\u2124"
          + "\\u2126\\u2128\\u212a-\\u212d\\u212f-\\u2134\\u2139\\u213c-\\u213f\\u2145-"
          + "\\u2149\\u214e\\u2183\\u2184\\u2c00-\\u2c7b\\u2c7e-\\u2ce4\\u2ceb-\\u2cee\\u2cf2"
          + "\\u2cf3\\ua640-\\ua66d\\ua680-\\ua69b\\ua722-\\ua76f\\ua771-\\ua787\\ua78b-"
          + "\\ua78e\\uab70-\\uabbf\\ufb00-\\ufb06\\ufb13-\\ufb17\\uff21-\\uff3a\\uff41-"
          + "\\uff5a\\x{10400}-\\x{1044f}\\x{104b0}-\\x{104d3}\\x{104d8}-\\x{104fb}\\x{10c80}"
          + "-\\x{10cb2}\\x{10cc0}-\\x{10cf2}\\x{118a0}-\\x{118df}\\x{1e900}-\\x{1e943}";

  static final String DIGIT = "\\p{N}";
  static final String DIGITS = "\\p{N}+";
  static final String THREE_DIGITS = "[0-9][0-9][0-9]";
  static final String UP_TO_THREE_DIGITS = "\\p{N}{1,3}";
  static final String LINE_BREAK = "[\\r\\n]";
  static final String LINES_AND_BREAKS = "[^\\n]+|\\n+";

  static final String GPT_2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+" + PUNCTUATION + SPACES;
  static final String LLAMA_3 = words(CONTRACTIONS + "|" + LETTERS, "\\p{N}{1,3}");
  static final String QWEN_2 = words(CONTRACTIONS + "|" + LETTERS, "\\p{N}");
  static final String MINICPM_5 = words(CONTRACTIONS + "|" + LETTERS, "\\p{N}+");
  static final String UFAKZEKA = words(LETTERS, "\\p{N}");
  static final String QWEN_35 =
      CONTRACTIONS
          + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*"
          + LINES
          + SPACES;
  static final String BAILING =
      "'(?i:[sdmt]|ll|ve|re)|"
          + LETTERS
          + "|\\p{N}"
          + PUNCTUATION
          + "[\\r\\n]*|\\s*[\\r\\n]"
          + SPACES;
  static final String SEED_CODER =
      CONTRACTIONS + "|" + LETTERS + "|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+" + LINES + SPACES;
  static final String JAIS_2 =
      CONTRACTIONS
          + "|"
          + LETTERS
          + "|\\p{N}{1,3}"
          + PUNCTUATION
          + "[\\r\\n]*"
          + LINES
          + "|\\s{512}(?!\\S)|\\s{256}(?!\\S)|\\s{128}(?!\\S)|\\s{64}(?!\\S)|\\s{32}(?!\\S)"
          + "|\\s{16}(?!\\S)|\\s{8}(?!\\S)|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s";
  static final String TEKKEN = cased("", "\\p{N}");
  static final String GPT_4O = cased(CONTRACTIONS + "?", "\\p{N}{1,3}");
  static final String YOUTU = cased(CONTRACTIONS + "?", "\\p{N}");
  static final String YOUTU_SCRIPTS =
      "[\\uac00-\\ud7a3\\u3131-\\u318e]+"
          + "|[\\uff01\\u2026\\u201c\\u201d\\u2018\\u2019\\u2014\\uff1a\\uff1b\\uff0c"
          + "\\u3001-\\u303f\\ufe30-\\ufe4f]+|[\\u3105-\\u312f]+|"
          + HAN_AND_KANA;
  static final String PORO = " ?[^(\\s|.,!?\\u2026\\u3002\\uff0c\\u3001\\u0964\\u06d4\\u060c)]+";

  static final String DEFAULT_PUNCTUATION = "[\\p{P}$+<=>^~|]+";
  static final String FALCON_PUNCTUATION = "[\\p{P}$+<=>^~|`]+";

  /** DeepSeek's older models: one pattern after the other. */
  static final String[] DEEPSEEK_LLM = {
    LINE_BREAK,
    "\\s?[" + CASED_LETTERS + "]+",
    "\\s?[!-/:-~\\uff01-\\uff0f\\uff1a-\\uff5e\\u2018-\\u201f\\u3000-\\u3002]+",
    // Only from the beginning of a run of spaces: a run within a line is tried once.
    "(?<!\\s)\\s++\\z",
    HAN,
    DIGITS
  };

  static final String[] DEEPSEEK_CODER = {
    LINE_BREAK, "\\s?\\p{L}+", "\\s?\\p{P}+", HAN, DIGIT,
  };

  static final String[] DEEPSEEK_3 = {
    UP_TO_THREE_DIGITS, HAN_AND_KANA, MARKED_WORDS + "[\\r\\n]*" + LINES + SPACES
  };

  static final String[] SPARK_2_5 = {
    UP_TO_THREE_DIGITS, HAN_AND_KANA, MARKED_WORDS + "|[\\r\\n]" + SPACES, DIGIT
  };

  private WordPatterns() {}

  private static String words(String letters, String numbers) {
    return letters + "|" + numbers + PUNCTUATION + "[\\r\\n]*" + LINES + SPACES;
  }

  /** Words that end where capital letters follow small ones. */
  private static String cased(String suffix, String numbers) {
    String upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    String lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    String before = "[^\\r\\n\\p{L}\\p{N}]?";
    return before
        + upper
        + "*"
        + lower
        + "+"
        + suffix
        + "|"
        + before
        + upper
        + "+"
        + lower
        + "*"
        + suffix
        + "|"
        + numbers
        + PUNCTUATION
        + "[\\r\\n/]*"
        + LINES
        + SPACES;
  }
}

package io.galerne.engine.tokenizer;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufMetadata;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * SentencePiece's byte-pair encoding as llama and Mistral use it: blanks are written as U+2581, the
 * text begins with one if the file says so, and a character that is no token is spelled in bytes
 * ({@code <0x0A>}). Blanks are never collapsed: the models are trained without that, and GGUF's
 * {@code remove_extra_whitespaces} concerns unigram vocabularies only.
 */
final class SentencePieceTokenizer extends VocabularyTokenizer {
  private static final String SCORES = "tokenizer.ggml.scores";
  private static final char BLANK = '\u2581';

  private final Map<String, Integer> mergeable = new HashMap<>();
  private final int[] ranks;
  private final int longest;
  private final int[] byteTokens = new int[256];
  private final boolean addsBlank;

  SentencePieceTokenizer(Vocabulary vocabulary, float[] scores, boolean addsBlank) {
    super(vocabulary);
    this.addsBlank = addsBlank;
    this.ranks = new int[scores.length];
    int longestSoFar = 0;
    for (int id = 0; id < vocabulary.size(); id++) {
      String text = vocabulary.texts().get(id);
      ranks[id] = descending(scores[id]);
      switch (vocabulary.kinds()[id]) {
        case NORMAL, USER_DEFINED, UNUSED -> {
          mergeable.put(text, id);
          longestSoFar = Math.max(longestSoFar, text.length());
        }
        case BYTE -> requireByte(text, id);
        case CONTROL, UNKNOWN -> {}
      }
    }
    this.longest = longestSoFar;
    for (int b = 0; b < byteTokens.length; b++) {
      int id = vocabulary.id("<0x%02X>".formatted(b));
      boolean isByte = id >= 0 && vocabulary.kinds()[id] == TokenKind.BYTE;
      byteTokens[b] = isByte ? id : vocabulary.unknown().orElse(-1);
    }
  }

  private static void requireByte(String text, int id) {
    if (!isByte(text)) {
      throw new GgufException(
          "tokenizer.ggml.tokens[" + id + "]", "is a byte token but not of the form <0x0A>");
    }
  }

  static float[] readScores(GgufMetadata metadata, int count) {
    if (metadata.length(SCORES) != count) {
      throw new GgufException(SCORES, metadata.length(SCORES) + " scores for " + count + " tokens");
    }
    float[] scores = metadata.floats(SCORES);
    for (int id = 0; id < count; id++) {
      if (Float.isNaN(scores[id])) {
        throw new GgufException(SCORES + "[" + id + "]", "is not a number");
      }
    }
    return scores;
  }

  /** An integer that is the smaller the higher the score is. */
  private static int descending(float score) {
    int bits = Float.floatToIntBits(score + 0.0f);
    return ~(bits ^ ((bits >> 31) & Integer.MAX_VALUE));
  }

  @Override
  void encodePiece(String piece, TokenBuffer tokens) {
    String text = (addsBlank ? " " + piece : piece).replace(' ', BLANK);
    SentencePieceMerger.merge(
        text,
        mergeable,
        ranks,
        longest,
        (start, end, token) -> {
          if (token >= 0) {
            tokens.add(token);
          } else {
            spell(text.substring(start, end), tokens);
          }
        });
  }

  private void spell(String character, TokenBuffer tokens) {
    for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
      int token = byteTokens[b & 0xff];
      if (token >= 0) {
        tokens.add(token);
      }
    }
  }

  @Override
  byte[] normalBytes(String text) {
    return text.replace(BLANK, ' ').getBytes(StandardCharsets.UTF_8);
  }

  @Override
  byte[] byteOf(String text) {
    return HexFormat.of().parseHex(text, 3, 5);
  }

  private static boolean isByte(String text) {
    return text.length() == 6
        && text.startsWith("<0x")
        && HexFormat.isHexDigit(text.charAt(3))
        && HexFormat.isHexDigit(text.charAt(4))
        && text.endsWith(">");
  }

  @Override
  public boolean addsBlank() {
    return addsBlank;
  }
}

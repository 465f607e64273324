package io.galerne.engine.tokenizer;

import java.nio.charset.StandardCharsets;

/**
 * Byte-level byte-pair encoding as GPT-2 introduced it: text is cut into words, each word's UTF-8
 * bytes are merged pair by pair. A byte that has no token of its own, which some vocabularies allow
 * for bytes that UTF-8 hardly uses, is left out as in the models' own tokenizers.
 */
final class BytePairTokenizer extends VocabularyTokenizer {
  private final Vocabulary vocabulary;
  private final MergeTable merges;
  private final PreTokenizer preTokenizer;
  private final int[] byteTokens = new int[256];

  BytePairTokenizer(Vocabulary vocabulary, MergeTable merges, PreTokenizer preTokenizer) {
    super(vocabulary);
    this.vocabulary = vocabulary;
    this.merges = merges;
    this.preTokenizer = preTokenizer;
    for (int b = 0; b < byteTokens.length; b++) {
      int id = vocabulary.id(String.valueOf(ByteAlphabet.character(b)));
      byteTokens[b] = id >= 0 && vocabulary.kinds()[id] == TokenKind.CONTROL ? -1 : id;
    }
  }

  @Override
  void encodePiece(String piece, TokenBuffer tokens) {
    preTokenizer.split(piece, (start, end) -> encodeWord(piece.substring(start, end), tokens));
  }

  private void encodeWord(String word, TokenBuffer tokens) {
    if (preTokenizer.wholeWordsFirst()) {
      int whole = vocabulary.id(ByteAlphabet.encode(word));
      if (whole >= 0 && vocabulary.kinds()[whole] == TokenKind.NORMAL) {
        tokens.add(whole);
        return;
      }
    }
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    int[] symbols = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      symbols[i] = byteTokens[bytes[i] & 0xff];
    }
    WordMerger.merge(symbols, merges, tokens);
  }

  @Override
  byte[] normalBytes(String text) {
    return ByteAlphabet.decode(text);
  }

  @Override
  byte[] byteOf(String text) {
    return ByteAlphabet.decode(text);
  }

  @Override
  public boolean addsBlank() {
    return false;
  }
}

package io.galerne.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Byte-level byte-pair encoding as GPT-2 introduced it: text is cut into words, each word's UTF-8
 * bytes are merged pair by pair. A byte that has no token of its own, which some vocabularies allow
 * for bytes that UTF-8 hardly uses, is left out as in the models' own tokenizers.
 */
final class BytePairTokenizer implements Tokenizer {
  private final Vocabulary vocabulary;
  private final MergeTable merges;
  private final PreTokenizer preTokenizer;
  private final int[] byteTokens = new int[256];
  private final List<String> controlTokens;
  private final ControlTokenSplitter splitter;

  BytePairTokenizer(Vocabulary vocabulary, MergeTable merges, PreTokenizer preTokenizer) {
    this.vocabulary = vocabulary;
    this.merges = merges;
    this.preTokenizer = preTokenizer;
    for (int b = 0; b < byteTokens.length; b++) {
      int id = vocabulary.id(String.valueOf(ByteAlphabet.character(b)));
      byteTokens[b] = id >= 0 && vocabulary.kinds()[id] == TokenKind.CONTROL ? -1 : id;
    }
    this.controlTokens = controlTokens(vocabulary);
    this.splitter = new ControlTokenSplitter(controlTokens);
  }

  private static List<String> controlTokens(Vocabulary vocabulary) {
    List<String> texts = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      String text = vocabulary.texts().get(id);
      if (vocabulary.kinds()[id].isMatchedWhole() && !text.isEmpty()) {
        texts.add(text);
      }
    }
    texts.sort(Comparator.comparingInt(String::length).reversed());
    return List.copyOf(texts);
  }

  @Override
  public int[] encode(String text) {
    TokenBuffer tokens = new TokenBuffer();
    encode(text, tokens);
    return tokens.toArray();
  }

  @Override
  public int[] encodeWithControlTokens(String text) {
    TokenBuffer tokens = new TokenBuffer();
    for (ControlTokenSplitter.Part part : splitter.split(text)) {
      if (part.isControl()) {
        tokens.add(vocabulary.id(part.text()));
      } else {
        encode(part.text(), tokens);
      }
    }
    return tokens.toArray();
  }

  private void encode(String text, TokenBuffer tokens) {
    preTokenizer.split(text, (start, end) -> encodeWord(text.substring(start, end), tokens));
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
  public byte[] bytes(int token) {
    String text = vocabulary.texts().get(token);
    return switch (vocabulary.kinds()[token]) {
      case NORMAL, BYTE -> ByteAlphabet.decode(text);
      case USER_DEFINED -> text.getBytes(StandardCharsets.UTF_8);
      case CONTROL, UNKNOWN, UNUSED -> new byte[0];
    };
  }

  @Override
  public List<String> controlTokens() {
    return controlTokens;
  }

  @Override
  public boolean isControl(int token) {
    return vocabulary.kinds()[token] == TokenKind.CONTROL;
  }

  @Override
  public boolean isEndOfGeneration(int token) {
    return vocabulary.endOfGeneration().get(token);
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public String beginOfSequence() {
    return vocabulary.beginOfSequence().stream()
        .mapToObj(vocabulary.texts()::get)
        .findFirst()
        .orElse("");
  }

  @Override
  public String endOfSequence() {
    return vocabulary.endOfSequence().stream()
        .mapToObj(vocabulary.texts()::get)
        .findFirst()
        .orElse("");
  }

  @Override
  public boolean addsBeginOfSequence() {
    return vocabulary.addsBeginOfSequence();
  }
}

package io.galerne.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/** What all tokenizers over a vocabulary have in common: which tokens are taken as a whole. */
abstract class VocabularyTokenizer implements Tokenizer {
  private final Vocabulary vocabulary;
  private final List<String> controlTokens;
  private final ControlTokenSplitter controls;

  /** Tokens added by hand that are ordinary text, such as runs of blanks. */
  private final ControlTokenSplitter additions;

  VocabularyTokenizer(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    List<String> whole = new ArrayList<>();
    List<String> added = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      String text = vocabulary.texts().get(id);
      TokenKind kind = vocabulary.kinds()[id];
      if (kind.isMatchedWhole() && !text.isEmpty()) {
        whole.add(text);
        if (kind == TokenKind.USER_DEFINED && !isMarkup(text)) {
          added.add(text);
        }
      }
    }
    whole.sort(Comparator.comparingInt(String::length).reversed());
    this.controlTokens = List.copyOf(whole);
    this.controls = new ControlTokenSplitter(controlTokens);
    this.additions = new ControlTokenSplitter(added);
  }

  /**
   * Whether a token reads like a mark of the model's own. Makers declare some of these as added
   * text rather than as control tokens ({@code <tool_call>}); typed by a user they stay text all
   * the same.
   */
  private static boolean isMarkup(String text) {
    String stripped = text.strip().replace("\u2581", "");
    return (stripped.startsWith("<") && stripped.endsWith(">"))
        || (stripped.startsWith("[") && stripped.endsWith("]") && stripped.length() > 2);
  }

  /** Encodes a text, not empty, in which no token is taken as a whole. */
  abstract void encodePiece(String piece, TokenBuffer tokens);

  /** The bytes of a normal token. */
  abstract byte[] normalBytes(String text);

  /** The byte that a byte token is. */
  abstract byte[] byteOf(String text);

  @Override
  public final int[] encode(String text) {
    TokenBuffer tokens = new TokenBuffer();
    encode(text, tokens);
    return tokens.toArray();
  }

  @Override
  public final int[] encodeWithControlTokens(String text) {
    TokenBuffer tokens = new TokenBuffer();
    for (ControlTokenSplitter.Part part : controls.split(text)) {
      if (part.isControl()) {
        tokens.add(vocabulary.id(part.text()));
      } else {
        encode(part.text(), tokens);
      }
    }
    return tokens.toArray();
  }

  private void encode(String text, TokenBuffer tokens) {
    for (ControlTokenSplitter.Part part : additions.split(text)) {
      if (part.isControl()) {
        tokens.add(vocabulary.id(part.text()));
      } else {
        encodePiece(part.text(), tokens);
      }
    }
  }

  @Override
  public final byte[] bytes(int token) {
    String text = vocabulary.texts().get(token);
    return switch (vocabulary.kinds()[token]) {
      case NORMAL -> normalBytes(text);
      case BYTE -> byteOf(text);
      case USER_DEFINED -> text.getBytes(StandardCharsets.UTF_8);
      case CONTROL, UNKNOWN, UNUSED -> new byte[0];
    };
  }

  @Override
  public final OptionalInt controlToken(String text) {
    int id = vocabulary.id(text);
    return id >= 0 && vocabulary.kinds()[id].isMatchedWhole()
        ? OptionalInt.of(id)
        : OptionalInt.empty();
  }

  @Override
  public final List<String> controlTokens() {
    return controlTokens;
  }

  @Override
  public final boolean isControl(int token) {
    return vocabulary.kinds()[token] == TokenKind.CONTROL;
  }

  @Override
  public final boolean isEndOfGeneration(int token) {
    return vocabulary.endOfGeneration().get(token);
  }

  @Override
  public final int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public final String beginOfSequence() {
    return text(vocabulary.beginOfSequence());
  }

  @Override
  public final String endOfSequence() {
    return text(vocabulary.endOfSequence());
  }

  private String text(OptionalInt token) {
    return token.isPresent() ? vocabulary.texts().get(token.getAsInt()) : "";
  }

  @Override
  public final boolean addsBeginOfSequence() {
    return vocabulary.addsBeginOfSequence();
  }
}

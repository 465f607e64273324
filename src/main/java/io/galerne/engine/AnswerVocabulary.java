package io.galerne.engine;

import io.galerne.engine.grammar.CallSyntax;
import io.galerne.engine.grammar.GrammarState;
import io.galerne.engine.grammar.TokenMasks;
import io.galerne.engine.grammar.TokenVocabulary;
import io.galerne.engine.template.ToolCallFormat;
import io.galerne.engine.template.ToolCallFormat.Arrangement;
import io.galerne.engine.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/** A model's tokens and its calls of tools, as grammars see them. */
final class AnswerVocabulary {
  private static final int[] NONE = {};

  private final Tokenizer tokenizer;
  private final ToolCallFormat format;
  private final OptionalInt mark;
  private final TokenMasks masks;
  private final CallSyntax syntax;

  private AnswerVocabulary(Tokenizer tokenizer, ToolCallFormat format, long cacheBytes) {
    this.tokenizer = tokenizer;
    this.format = format;
    this.mark =
        format.startIsControlToken() ? tokenizer.controlToken(format.start()) : OptionalInt.empty();
    this.masks = new TokenMasks(vocabulary(), cacheBytes);
    this.syntax = syntax();
  }

  /**
   * @param cacheBytes the most that remembered masks may take
   * @throws io.galerne.engine.grammar.bounds.GrammarException where tokens are missing that every
   *     document must be spellable with
   */
  static AnswerVocabulary of(Tokenizer tokenizer, ToolCallFormat format, long cacheBytes) {
    return new AnswerVocabulary(tokenizer, format, cacheBytes);
  }

  private TokenVocabulary vocabulary() {
    List<byte[]> bytes = new ArrayList<>();
    BitSet endings = new BitSet();
    for (int token = 0; token < tokenizer.vocabularySize(); token++) {
      bytes.add(tokenizer.bytes(token));
      endings.set(token, tokenizer.isEndOfGeneration(token));
    }
    if (!format.startIsControlToken()) {
      // Some makers declare these as control tokens, which have no text otherwise.
      for (String text : List.of(format.start(), format.end())) {
        OptionalInt token = tokenizer.controlToken(text);
        if (token.isPresent()) {
          bytes.set(token.getAsInt(), text.getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return TokenVocabulary.of(bytes, endings, mark);
  }

  private CallSyntax syntax() {
    byte[] start =
        format.startIsControlToken()
            ? new byte[] {CallSyntax.MARK}
            : format.start().getBytes(StandardCharsets.UTF_8);
    if (format.arrangement() == Arrangement.ONE_BY_ONE) {
      return CallSyntax.oneByOne(
          format.start(), format.end(), format.argumentsKey(), format.idKey());
    }
    // After a control token a text of its own begins.
    String blank = tokenizer.addsBlank() ? " " : "";
    return CallSyntax.array(start, blank, format.argumentsKey(), format.idKey());
  }

  CallSyntax callSyntax() {
    return syntax;
  }

  Guide guide(GrammarState start) {
    return new Guide(start, masks, this::encode);
  }

  /** The tokens of a text that goes on an answer; none where the tokenizer has no such spelling. */
  private int[] encode(byte[] text) {
    if (text.length > 0 && text[0] == CallSyntax.MARK && mark.isPresent()) {
      int[] rest = encode(Arrays.copyOfRange(text, 1, text.length));
      int[] tokens = new int[1 + rest.length];
      tokens[0] = mark.getAsInt();
      System.arraycopy(rest, 0, tokens, 1, rest.length);
      return tokens;
    }
    String plain = new String(text, StandardCharsets.UTF_8);
    if (!tokenizer.addsBlank()) {
      return tokenizer.encodeWithControlTokens(plain);
    }
    if (plain.startsWith(" ")) {
      return tokenizer.encode(plain.substring(1));
    }
    return after("\n", tokenizer.encode("\n" + plain));
  }

  /** The tokens after those of a text that a blank was put before. */
  private int[] after(String before, int[] tokens) {
    int length = 1 + before.length();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    for (int i = 0; i < tokens.length; i++) {
      if (read.size() == length) {
        return Arrays.copyOfRange(tokens, i, tokens.length);
      }
      read.writeBytes(tokenizer.bytes(tokens[i]));
    }
    return NONE;
  }
}

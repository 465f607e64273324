package io.galerne.engine.grammar;

import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.engine.grammar.bounds.GrammarException.Kind;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The tokens of a tokenizer, as grammars see them. Immutable; made once for each tokenizer. */
public final class TokenVocabulary {
  /** The byte that stands for a control token which begins something; no text has it. */
  static final byte MARK = (byte) 0xFF;

  /** Longer tokens are left out; what they spell is spelled by others too. */
  private static final int LONGEST = 256;

  private final List<byte[]> bytes;
  private final BitSet endings;
  private final TokenTrie trie;

  private TokenVocabulary(List<byte[]> bytes, BitSet endings) {
    this.bytes = bytes;
    this.endings = endings;
    this.trie = TokenTrie.of(bytes);
  }

  /**
   * A vocabulary.
   *
   * @param bytes by token what it stands for; empty for control tokens, which no document has
   * @param endings the tokens that end an answer
   * @throws GrammarException where a character of JSON has no token of its own, because then a
   *     document might be begun that no token continues
   */
  public static TokenVocabulary of(List<byte[]> bytes, BitSet endings) {
    return of(bytes, endings, OptionalInt.empty());
  }

  /**
   * A vocabulary with a control token that grammars know.
   *
   * @param mark the token that {@link CallSyntax#MARK} stands for
   */
  public static TokenVocabulary of(List<byte[]> bytes, BitSet endings, OptionalInt mark) {
    List<byte[]> copy =
        IntStream.range(0, bytes.size())
            .mapToObj(
                token -> {
                  if (mark.isPresent() && mark.getAsInt() == token) {
                    return new byte[] {MARK};
                  }
                  byte[] text = bytes.get(token);
                  return endings.get(token) || isUnfit(text) ? new byte[0] : text.clone();
                })
            .toList();
    TokenVocabulary vocabulary = new TokenVocabulary(copy, (BitSet) endings.clone());
    if (endings.isEmpty()) {
      throw new GrammarException(Kind.VOCABULARY, "", "", "no token ends an answer");
    }
    for (int value = 0; value < 256; value++) {
      boolean utf8 =
          (value >= 0x80 && value < 0xC0)
              || (value >= 0xC2 && value <= 0xF0)
              || value == 0xF3
              || value == 0xF4;
      boolean needed = value == '\n' || (value >= 0x20 && value < 0x80) || utf8;
      if (needed && !vocabulary.hasByte(value)) {
        throw new GrammarException(
            Kind.VOCABULARY, "", "", "the byte " + value + " is no token of its own");
      }
    }
    return vocabulary;
  }

  private static boolean isUnfit(byte[] text) {
    boolean unfit = text.length > LONGEST;
    for (byte value : text) {
      unfit |= value == MARK;
    }
    return unfit;
  }

  private boolean hasByte(int value) {
    int node = trie.first(value);
    return node != 0 && trie.hasToken(node);
  }

  public int size() {
    return bytes.size();
  }

  /** The {@code long}s that a mask has: one bit for each token. */
  public int maskLength() {
    return (bytes.size() + 63) >> 6;
  }

  boolean isEnding(int token) {
    return endings.get(token);
  }

  /** The bytes of a token; empty where no document has it, {@link CallSyntax#MARK} for a mark. */
  public byte[] bytes(int token) {
    return bytes.get(token);
  }

  TokenTrie trie() {
    return trie;
  }

  void addEndings(long[] bits) {
    for (int token = endings.nextSetBit(0); token >= 0; token = endings.nextSetBit(token + 1)) {
      bits[token >> 6] |= 1L << token;
    }
  }
}

package io.galerne.engine.tokenizer;

import java.util.List;
import java.util.OptionalInt;

/** Text to token ids and back. Implementations are immutable and safe for many threads. */
public interface Tokenizer {
  /**
   * Encodes plain text as a text of its own: what looks like a control token in it stays ordinary
   * text, and SentencePiece vocabularies put a blank before it.
   */
  int[] encode(String text);

  /**
   * Encodes text whose control tokens are meant as such. Only text that the platform itself wrote
   * may come here, never a user's.
   */
  int[] encodeWithControlTokens(String text);

  /**
   * The bytes a token stands for; empty for control tokens. A token may hold part of a character.
   */
  byte[] bytes(int token);

  /**
   * The texts that {@link #encodeWithControlTokens} takes as whole tokens, longest first: those of
   * control tokens and of tokens that the model's makers added by hand.
   */
  List<String> controlTokens();

  /** The token of such a text, if the vocabulary has it. */
  OptionalInt controlToken(String text);

  boolean isControl(int token);

  /** Whether a model that emits this token has finished its answer. */
  boolean isEndOfGeneration(int token);

  int vocabularySize();

  /** The text of the beginning-of-sequence token, empty where the vocabulary has none. */
  String beginOfSequence();

  /** The text of the end-of-sequence token, empty where the vocabulary has none. */
  String endOfSequence();

  /** Whether the file asks for a beginning-of-sequence token before every prompt. */
  boolean addsBeginOfSequence();

  /** Whether encoding puts a blank before a text, which reading the tokens back takes away. */
  boolean addsBlank();
}

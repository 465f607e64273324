package io.galerne.engine.sampling;

/** A prompt and what was generated after it. */
public interface TokenHistory {
  int promptLength();

  /** Tokens of the prompt and generated so far. */
  int length();

  int token(int position);
}

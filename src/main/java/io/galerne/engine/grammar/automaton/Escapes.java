package io.galerne.engine.grammar.automaton;

/** Which characters a JSON string may hold by their numbers, as in {@code \\u00e9}. */
public enum Escapes {
  /** Only control characters without a short escape. */
  NEEDED,
  /** Those beyond ASCII also, as programs do that write ASCII only. */
  BEYOND_ASCII,
  /** All. */
  EVERY
}

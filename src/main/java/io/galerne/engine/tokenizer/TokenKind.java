package io.galerne.engine.tokenizer;

import java.util.Optional;

/** What a token is for, as {@code tokenizer.ggml.token_type} numbers it. */
enum TokenKind {
  NORMAL(1),
  UNKNOWN(2),
  CONTROL(3),
  USER_DEFINED(4),
  UNUSED(5),
  BYTE(6);

  private final int id;

  TokenKind(int id) {
    this.id = id;
  }

  static Optional<TokenKind> ofId(int id) {
    for (TokenKind kind : values()) {
      if (kind.id == id) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** Whether its text is matched as a whole before any word is cut. */
  boolean isMatchedWhole() {
    return this == CONTROL || this == USER_DEFINED;
  }
}

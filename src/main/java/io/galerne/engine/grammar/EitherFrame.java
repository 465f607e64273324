package io.galerne.engine.grammar;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Before an answer that is one document or begins as calls of tools do. The first byte tells: no
 * document begins with that of a call.
 */
final class EitherFrame extends Frame {
  private final Cursor document;
  private final Cursor calls;

  EitherFrame(Cursor document, Cursor calls) {
    super(document.frame().room, 0, document.frame().whitespace);
    this.document = document;
    this.calls = calls;
  }

  @Override
  @Nullable Cursor step(int value) {
    Cursor next = document.step(value);
    return next == null ? calls.step(value) : next;
  }

  @Override
  Frame complete(boolean[] outcome) {
    throw new IllegalStateException("no value is read here");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EitherFrame either
        && document.equals(either.document)
        && calls.equals(either.calls);
  }

  @Override
  public int hashCode() {
    return Objects.hash(document, calls);
  }
}

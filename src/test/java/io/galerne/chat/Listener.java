package io.galerne.chat;

import org.jspecify.annotations.Nullable;

/** Reads an answer, and does something when it has begun or some of it has come. */
class Listener implements AnswerReader {
  private final Runnable onText;
  private final StringBuilder text = new StringBuilder();
  private @Nullable Turn turn;

  Listener() {
    this(() -> {});
  }

  Listener(Runnable onText) {
    this.onText = onText;
  }

  Turn turn() {
    if (turn == null) {
      throw new IllegalStateException("no answer began");
    }
    return turn;
  }

  String text() {
    return text.toString();
  }

  @Override
  public void begin(Turn begun) {
    turn = begun;
  }

  @Override
  public void text(String more) {
    text.append(more);
    onText.run();
  }

  @Override
  public void idle() {}

  @Override
  public void end(Turn ended) {}
}

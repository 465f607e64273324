package io.galerne.engine;

import io.galerne.engine.scheduler.Sequence;

/** The way from the engine's thread to a reader. */
final class AnswerStream extends AnswerBuffer {
  private final Sequence sequence;

  AnswerStream(Sequence sequence) {
    this.sequence = sequence;
  }

  Sequence sequence() {
    return sequence;
  }

  @Override
  public void cancel() {
    sequence.cancel();
  }
}

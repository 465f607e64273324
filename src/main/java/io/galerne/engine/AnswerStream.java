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
  public GenerationTimes times() {
    return new GenerationTimes(
        sequence.startedNanos(), sequence.firstTokenNanos(), finishedNanos());
  }

  @Override
  public void cancel() {
    sequence.cancel();
  }
}

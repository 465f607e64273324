package io.galerne.serving;

import io.galerne.engine.FinishReason;
import io.galerne.engine.Generation;
import io.galerne.engine.GenerationEvent;
import java.time.Duration;

/** The answer to a request for at most 0 tokens: its end. */
record NothingToGenerate(int promptTokens) implements Generation {
  @Override
  public GenerationEvent next() {
    return new GenerationEvent.Finished(FinishReason.LENGTH, promptTokens, 0);
  }

  @Override
  public GenerationEvent next(Duration timeout) {
    return next();
  }

  @Override
  public void cancel() {}
}

package io.galerne.engine;

import io.galerne.engine.sampling.SamplingParams;
import java.util.List;

/** Reads whole answers. */
final class Answers {
  private Answers() {}

  record Whole(String text, int streamedTokens, GenerationEvent.Finished end) {}

  static SamplingParams greedy(int maxTokens) {
    return new SamplingParams(0, 1, 0, maxTokens, List.of());
  }

  static Generation start(Engine engine, int[] prompt, SamplingParams params) {
    return switch (engine.submit(new GenerationRequest(prompt, params))) {
      case Submission.Accepted accepted -> accepted.generation();
      case Submission.QueueFull full -> throw new AssertionError(full);
      case Submission.PromptTooLong tooLong -> throw new AssertionError(tooLong);
      case Submission.Closed closed -> throw new AssertionError(closed);
    };
  }

  static Whole read(Generation generation) {
    StringBuilder text = new StringBuilder();
    int tokens = 0;
    try {
      while (true) {
        switch (generation.next()) {
          case GenerationEvent.Text(String piece, int count) -> {
            text.append(piece);
            tokens += count;
          }
          case GenerationEvent.Finished end -> {
            return new Whole(text.toString(), tokens, end);
          }
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static Whole answer(Engine engine, int[] prompt, SamplingParams params) {
    return read(start(engine, prompt, params));
  }
}

package io.galerne.engine;

import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.template.ToolCall;
import java.util.ArrayList;
import java.util.List;

/** Reads whole answers. */
final class Answers {
  private Answers() {}

  record Whole(
      String text, List<ToolCall> calls, int streamedTokens, GenerationEvent.Finished end) {}

  static SamplingParams greedy(int maxTokens) {
    return new SamplingParams(0, 1, 0, maxTokens, List.of());
  }

  static Generation start(Engine engine, int[] prompt, SamplingParams params) {
    return start(engine, new GenerationRequest(prompt, params));
  }

  static Generation start(Engine engine, GenerationRequest request) {
    if (engine.submit(request) instanceof Submission.Accepted(Generation generation)) {
      return generation;
    }
    throw new AssertionError("refused");
  }

  static Whole read(Generation generation) {
    StringBuilder text = new StringBuilder();
    List<ToolCall> calls = new ArrayList<>();
    int tokens = 0;
    try {
      while (true) {
        switch (generation.next()) {
          case GenerationEvent.Text(String piece, int count, _) -> {
            text.append(piece);
            tokens += count;
          }
          case GenerationEvent.ToolCall(ToolCall call, int count) -> {
            calls.add(call);
            tokens += count;
          }
          case GenerationEvent.Finished end -> {
            return new Whole(text.toString(), List.copyOf(calls), tokens, end);
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

package io.galerne.bench;

import io.galerne.engine.Engine;
import io.galerne.engine.Generation;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.GenerationRequest;
import io.galerne.engine.Submission;
import io.galerne.engine.sampling.Adjustments;
import io.galerne.engine.sampling.SamplingParams;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Gives an engine of ours work whose amount is known: greedy answers of a given length. */
final class Asking {
  private Asking() {}

  /** All at once, to the end of the last. */
  static void run(Engine engine, List<int[]> prompts, int tokens) {
    start(engine, prompts, tokens).forEach(Asking::end);
  }

  static List<Generation> start(Engine engine, List<int[]> prompts, int tokens) {
    var whole = new Adjustments(0, 0, 1, Map.of(), tokens, 0, 0);
    var params = new SamplingParams(0, 1, 0, tokens, List.of(), whole, SamplingParams.NO_LOGPROBS);
    List<Generation> generations = new ArrayList<>();
    for (int[] prompt : prompts) {
      if (engine.submit(new GenerationRequest(prompt, params))
          instanceof Submission.Accepted(Generation generation)) {
        generations.add(generation);
      } else {
        throw new IllegalStateException("the engine refused a prompt");
      }
    }
    return generations;
  }

  static void end(Generation generation) {
    while (!(next(generation) instanceof GenerationEvent.Finished)) {
      // only its end counts
    }
  }

  static GenerationEvent next(Generation generation) {
    try {
      return generation.next();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  static int[] randomTokens(int seed, int count) {
    return new Random(seed).ints(count, 300, 30_000).toArray();
  }
}

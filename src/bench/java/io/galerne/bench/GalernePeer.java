package io.galerne.bench;

import io.galerne.engine.Engine;
import io.galerne.engine.EngineSettings;
import io.galerne.engine.FinishReason;
import io.galerne.engine.Generation;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.GenerationRequest;
import io.galerne.engine.LoadListener;
import io.galerne.engine.Submission;
import io.galerne.engine.sampling.SamplingParams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Our engine, whole: queue, scheduler, model, sampler and text. Decoding time is what 128 tokens
 * take beyond the first, so that the prompt is left out as the peers' tools leave it out.
 */
final class GalernePeer implements Peer {
  private static final int STREAMS_MAX = 32;

  private final Path weights;
  private final Map<Integer, Engine> engines = new HashMap<>();

  /** Prompts whose greedy answer does not end before its time. */
  private final List<int[]> prompts = new ArrayList<>();

  GalernePeer(Path weights) {
    this.weights = weights;
  }

  @Override
  public String name() {
    return "Galerne";
  }

  @Override
  public List<Measurement> measure(Measurement.Work work) {
    Engine engine = engines.computeIfAbsent(work.threads(), this::load);
    double rate = work.streams() == 0 ? promptRate(engine) : decodeRate(engine, work.streams());
    return List.of(new Measurement(name(), work, rate));
  }

  private Engine load(int threads) {
    Engine engine = Engine.load(EngineSettings.of(weights).withThreads(threads), LoadListener.NONE);
    for (int seed = 0; prompts.size() < STREAMS_MAX; seed += STREAMS_MAX) {
      addLongAnswers(engine, seed);
    }
    for (int streams : new int[] {1, 8, 1}) {
      promptRate(engine);
      decodeRate(engine, streams);
    }
    return engine;
  }

  private void addLongAnswers(Engine engine, int firstSeed) {
    List<int[]> candidates =
        IntStream.range(firstSeed, firstSeed + STREAMS_MAX)
            .mapToObj(seed -> randomTokens(seed, Measurement.Work.DECODE_CONTEXT))
            .toList();
    List<Generation> answers = start(engine, candidates, Measurement.Work.DECODE_TOKENS);
    for (int i = 0; i < STREAMS_MAX; i++) {
      if (end(answers.get(i)).reason() == FinishReason.LENGTH && prompts.size() < STREAMS_MAX) {
        prompts.add(candidates.get(i));
      }
    }
  }

  private double promptRate(Engine engine) {
    int[] prompt = randomTokens(1, Measurement.Work.PROMPT_TOKENS);
    double seconds = seconds(() -> run(engine, List.of(prompt), 1));
    return Measurement.Work.PROMPT_TOKENS / seconds;
  }

  private double decodeRate(Engine engine, int streams) {
    List<int[]> together = prompts.subList(0, streams);
    double first = seconds(() -> run(engine, together, 1));
    double all = seconds(() -> run(engine, together, Measurement.Work.DECODE_TOKENS));
    return streams * (Measurement.Work.DECODE_TOKENS - 1) / (all - first);
  }

  private static void run(Engine engine, List<int[]> prompts, int tokens) {
    start(engine, prompts, tokens).forEach(GalernePeer::end);
  }

  private static List<Generation> start(Engine engine, List<int[]> prompts, int tokens) {
    var params = new SamplingParams(0, 1, 0, tokens, List.of());
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

  private static GenerationEvent.Finished end(Generation generation) {
    try {
      while (true) {
        if (generation.next() instanceof GenerationEvent.Finished finished) {
          return finished;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static int[] randomTokens(int seed, int count) {
    return new Random(seed).ints(count, 100, 40_000).toArray();
  }

  @Override
  public void close() {
    engines.values().forEach(Engine::close);
  }
}

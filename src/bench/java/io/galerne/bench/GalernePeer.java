package io.galerne.bench;

import io.galerne.engine.Engine;
import io.galerne.engine.EngineSettings;
import io.galerne.engine.LoadListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Our engine, whole: queue, scheduler, model, sampler and text. Decoding time is what 128 tokens
 * take beyond the first, so that the prompt is left out as the peers' tools leave it out. Nothing
 * is guessed: an answer to random tokens repeats itself, which guesses would make look fast.
 */
final class GalernePeer implements Peer {
  private static final int STREAMS_MAX = 32;

  private final Path weights;
  private final Map<Integer, Engine> engines = new HashMap<>();

  /** No answer ends before its time: the end of the text is out of the question. */
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
    Engine engine =
        Engine.load(
            EngineSettings.of(weights).withThreads(threads).withDraftTokensMax(0),
            LoadListener.NONE);
    for (int seed = prompts.size(); seed < STREAMS_MAX; seed++) {
      prompts.add(Asking.randomTokens(seed, Measurement.Work.DECODE_CONTEXT));
    }
    for (int streams : new int[] {1, 8, 1}) {
      promptRate(engine);
      decodeRate(engine, streams);
    }
    return engine;
  }

  private double promptRate(Engine engine) {
    int[] prompt = Asking.randomTokens(1, Measurement.Work.PROMPT_TOKENS);
    double seconds = Asking.seconds(() -> Asking.run(engine, List.of(prompt), 1));
    return Measurement.Work.PROMPT_TOKENS / seconds;
  }

  private double decodeRate(Engine engine, int streams) {
    List<int[]> together = prompts.subList(0, streams);
    double first = Asking.seconds(() -> Asking.run(engine, together, 1));
    double all = Asking.seconds(() -> Asking.run(engine, together, Measurement.Work.DECODE_TOKENS));
    return streams * (Measurement.Work.DECODE_TOKENS - 1) / (all - first);
  }

  @Override
  public void close() {
    engines.values().forEach(Engine::close);
  }
}

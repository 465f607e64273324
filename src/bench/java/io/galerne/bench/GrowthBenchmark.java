package io.galerne.bench;

import io.galerne.engine.Engine;
import io.galerne.engine.EngineSettings;
import io.galerne.engine.Generation;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.LoadListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * How speed grows: with the number of streams, with the length of the context, and for answers in
 * progress while a long prompt arrives. Beside llama.cpp where its tools are there, and beside what
 * the machine can do at most.
 */
final class GrowthBenchmark {
  private static final int[] STREAMS = {1, 2, 4, 8, 16, 32, 64};
  private static final int[] CONTEXTS = {128, 512, 2048, 4096, 8064};
  private static final int DECODE = 32;
  private static final int CONTEXT = 128;
  private static final int LONG_PROMPT = 4096;
  private static final int BESIDE = 8;
  private static final int WARM_UPS = 3;
  private static final int ROUNDS = 3;

  private final Path weights;
  private final Optional<LlamaCppGrowth> llamaCpp;
  private final Map<String, Object> result = new LinkedHashMap<>();

  private GrowthBenchmark(Path weights, Optional<LlamaCppGrowth> llamaCpp) {
    this.weights = weights;
    this.llamaCpp = llamaCpp;
  }

  static void run(Path weights, String llamaCpp, Path results) throws IOException {
    var benchmark = new GrowthBenchmark(weights, LlamaCppGrowth.find(llamaCpp, weights));
    ModelCost model = ModelCost.of(weights);
    List<GrowthPlot.Line> lines = new ArrayList<>();
    // before an engine has shown the compiler other uses of what they are measured with
    List<MachineLimits> all =
        IntStream.of(EngineBenchmark.threads(Runtime.getRuntime().availableProcessors()))
            .mapToObj(MachineLimits::measure)
            .toList();
    for (MachineLimits limits : all) {
      int threads = limits.threads();
      System.out.printf(
          "%d threads: memory %.1f GB/s, %.0f GFLOP/s at most%n",
          threads, limits.bytesPerSecond() / 1e9, limits.flopsPerSecond() / 1e9);
      double[] ours = benchmark.measure(threads);
      String suffix = threads == 1 ? ", 1 thread" : ", " + threads + " threads";
      lines.add(new GrowthPlot.Line("Galerne" + suffix, ours));
      benchmark
          .theirs(threads)
          .ifPresent(rates -> lines.add(new GrowthPlot.Line("llama.cpp" + suffix, rates)));
      lines.add(
          new GrowthPlot.Line(
              "limit" + suffix,
              IntStream.of(STREAMS).mapToDouble(n -> model.limit(limits, n)).toArray()));
    }
    GrowthPlot.write(STREAMS, lines, results.resolve("growth.svg"));
    Files.writeString(
        results.resolve("growth.json"),
        JsonMapper.builder()
            .build()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(benchmark.result));
  }

  private Optional<double[]> theirs(int threads) {
    return llamaCpp.map(
        peer -> {
          double[] rates = peer.streams(threads, STREAMS, CONTEXT, DECODE);
          double[] deep = peer.contexts(threads, CONTEXTS, DECODE);
          note("llama.cpp, streams", threads, STREAMS, rates);
          note("llama.cpp, context", threads, CONTEXTS, deep);
          return rates;
        });
  }

  private double[] measure(int threads) {
    try (Engine engine =
        Engine.load(
            EngineSettings.of(weights).withThreads(threads).withDraftTokensMax(0),
            LoadListener.NONE)) {
      for (int i = 0; i < WARM_UPS; i++) {
        decode(engine, BESIDE, CONTEXT);
        decode(engine, 1, CONTEXT);
      }
      double[] rates = IntStream.of(STREAMS).mapToDouble(n -> median(engine, n)).toArray();
      note("Galerne, streams", threads, STREAMS, rates);
      double[] deep = IntStream.of(CONTEXTS).mapToDouble(n -> deep(engine, n)).toArray();
      note("Galerne, context", threads, CONTEXTS, deep);
      mixed(engine, threads);
      return rates;
    }
  }

  /** The median of a few: what others do on the machine passes. */
  private static double median(Engine engine, int streams) {
    return IntStream.range(0, ROUNDS)
        .mapToDouble(_ -> decode(engine, streams, CONTEXT))
        .sorted()
        .toArray()[ROUNDS / 2];
  }

  private static double decode(Engine engine, int streams, int context) {
    List<int[]> prompts =
        IntStream.range(0, streams).mapToObj(seed -> Asking.randomTokens(seed, context)).toList();
    double first = Asking.seconds(() -> Asking.run(engine, prompts, 1));
    double all = Asking.seconds(() -> Asking.run(engine, prompts, DECODE + 1));
    return streams * DECODE / (all - first);
  }

  /**
   * One answer behind a long prompt, by the times of its own tokens: the difference of two runs
   * would be that of two prompts, which take far longer.
   */
  private static double deep(Engine engine, int context) {
    List<int[]> prompt = List.of(Asking.randomTokens(context, context));
    // not every token is an event of its own: some end no character
    Generation answer = Asking.start(engine, prompt, 4 * DECODE).getFirst();
    double median = gaps(answer, DECODE)[0];
    Asking.end(answer);
    return 1e3 / median;
  }

  /** Answers in progress, and then somebody's long prompt. */
  private void mixed(Engine engine, int threads) {
    List<int[]> prompts =
        IntStream.range(0, BESIDE).mapToObj(seed -> Asking.randomTokens(seed, CONTEXT)).toList();
    List<Generation> answers = Asking.start(engine, prompts, 400);
    double[] alone = gaps(answers.getFirst(), 100);
    long asked = System.nanoTime();
    Generation late =
        Asking.start(engine, List.of(Asking.randomTokens(99, LONG_PROMPT)), 1).getFirst();
    double[] beside = gaps(answers.getFirst(), 200);
    Asking.end(late);
    double seconds = (System.nanoTime() - asked) / 1e9;
    answers.forEach(Asking::end);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("decode step alone, ms", alone);
    figures.put("decode step beside a prompt of " + LONG_PROMPT + ", ms", beside);
    figures.put("the prompt's answer and the rest, s", seconds);
    result.put("mixed, " + threads + " threads", figures);
    System.out.printf(
        "mixed, %d threads: a step of %d answers takes %.1f ms (median), at most %.1f; beside a"
            + " prompt of %d tokens %.1f, at most %.1f%n",
        threads, BESIDE, alone[0], alone[1], LONG_PROMPT, beside[0], beside[1]);
  }

  /** Median and longest of the times between tokens, in milliseconds. */
  private static double[] gaps(Generation generation, int tokens) {
    List<Double> gaps = new ArrayList<>();
    Asking.next(generation);
    long last = System.nanoTime();
    while (gaps.size() < tokens) {
      if (!(Asking.next(generation) instanceof GenerationEvent.Text text)) {
        throw new IllegalStateException("the answer is too short");
      }
      long now = System.nanoTime();
      // a character may take several tokens, and a text that is read late has several
      for (int i = 0; i < text.tokens(); i++) {
        gaps.add((now - last) / 1e6 / text.tokens());
      }
      last = now;
    }
    Collections.sort(gaps);
    return new double[] {gaps.get(gaps.size() / 2), gaps.getLast()};
  }

  private void note(String what, int threads, int[] at, double[] rates) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < at.length; i++) {
      row.put(String.valueOf(at[i]), rates[i]);
      System.out.printf("  %s, %d threads: %d: %.1f tokens/s%n", what, threads, at[i], rates[i]);
    }
    result.put(what + ", " + threads + " threads", row);
  }
}

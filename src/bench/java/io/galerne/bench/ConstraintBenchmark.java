package io.galerne.bench;

import io.galerne.engine.Constraint;
import io.galerne.engine.Engine;
import io.galerne.engine.EngineSettings;
import io.galerne.engine.FinishReason;
import io.galerne.engine.Generation;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.GenerationRequest;
import io.galerne.engine.LoadListener;
import io.galerne.engine.OutputFormat;
import io.galerne.engine.Submission;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.ServiceTerms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What constraints cost: a full batch decodes with and without them, turn by turn, the same prompts
 * and the same number of tokens. No document of these schemas is at its end by then, so every
 * answer is cut by its bound. Decoding time is what the tokens take beyond the first.
 */
final class ConstraintBenchmark {
  private static final int STREAMS = 32;
  private static final int PROMPT_TOKENS = 16;
  private static final int TOKENS = 128;

  /** Documents longer than {@link #TOKENS}, whatever the model writes. */
  private static final List<String> SCHEMAS =
      List.of(
          list("{\"type\":\"string\",\"maxLength\":24}"),
          list("{\"type\":\"integer\"}"),
          list("{\"type\":\"number\",\"minimum\":-1000,\"maximum\":1000}"),
          list("{\"enum\":[\"red\",\"green\",\"blue\",\"black\",\"white\",\"grey\"]}"),
          list("{\"type\":\"string\",\"format\":\"date\"}"),
          list("{\"type\":\"string\",\"pattern\":\"^[A-Z]{2}-[0-9]{4}$\"}"),
          list(
              "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"maxLength\":16},"
                  + "\"age\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":130},"
                  + "\"tags\":{\"type\":\"array\",\"maxItems\":3,\"items\":{\"type\":\"string\","
                  + "\"maxLength\":8}}},\"required\":[\"name\",\"age\"],"
                  + "\"additionalProperties\":false}"),
          "{\"type\":\"string\",\"minLength\":20000}");

  private final Engine engine;
  private final List<Constraint> constraints = new ArrayList<>();

  /** Prompts whose unconstrained answer does not end before its time, with their seeds. */
  private final List<GenerationRequest> requests = new ArrayList<>();

  private ConstraintBenchmark(Engine engine) {
    this.engine = engine;
  }

  private static String list(String item) {
    return "{\"type\":\"array\",\"minItems\":2000,\"items\":%s}".formatted(item);
  }

  static void run(Path weights, int rounds, Path result) throws IOException {
    try (Engine engine =
        Engine.load(EngineSettings.of(weights).withQueue(STREAMS, 64), LoadListener.NONE)) {
      var benchmark = new ConstraintBenchmark(engine);
      benchmark.prepare();
      String report = benchmark.measure(rounds) + MaskTimes.of(weights, SCHEMAS);
      System.out.println(report);
      Files.writeString(result, report);
    }
  }

  private void prepare() {
    for (String schema : SCHEMAS) {
      constraints.add(engine.constrain(new OutputFormat.JsonSchema(schema)));
    }
    for (int seed = 0; requests.size() < STREAMS; seed += STREAMS) {
      addLongAnswers(seed);
    }
    rate(false);
    rate(true);
  }

  private void addLongAnswers(int firstSeed) {
    List<GenerationRequest> candidates = new ArrayList<>();
    for (int seed = firstSeed; seed < firstSeed + STREAMS; seed++) {
      int[] prompt = new Random(seed).ints(PROMPT_TOKENS, 100, 40_000).toArray();
      candidates.add(new GenerationRequest(prompt, sampling(seed, TOKENS)));
    }
    List<Generation> answers = candidates.stream().map(this::start).toList();
    for (int i = 0; i < STREAMS; i++) {
      if (end(answers.get(i)).reason() == FinishReason.LENGTH && requests.size() < STREAMS) {
        requests.add(candidates.get(i));
      }
    }
  }

  private String measure(int rounds) {
    double[] free = new double[rounds];
    double[] constrained = new double[rounds];
    double[] ratio = new double[rounds];
    double[] stepRatio = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      // Whoever goes second finds a warmer machine: turns alternate.
      boolean constrainedFirst = i % 2 == 1;
      Rate first = rate(constrainedFirst);
      Rate second = rate(!constrainedFirst);
      Rate with = constrainedFirst ? first : second;
      Rate without = constrainedFirst ? second : first;
      free[i] = without.tokens();
      constrained[i] = with.tokens();
      ratio[i] = with.tokens() / without.tokens();
      stepRatio[i] = with.steps() / without.steps();
      System.out.printf(
          "round %d of %d: %.1f tokens/s free, %.1f constrained, ratio %.3f%n",
          i + 1, rounds, free[i], constrained[i], ratio[i]);
    }
    return """
    %d streams under %d schemas, %d tokens each, median of %d rounds
    free: %.1f tokens/s
    constrained: %.1f tokens/s
    ratio: %.3f
    ratio of steps per second, which forced tokens don't flatter: %.3f
    """
        .formatted(
            STREAMS,
            SCHEMAS.size(),
            TOKENS,
            rounds,
            median(free),
            median(constrained),
            median(ratio),
            median(stepRatio));
  }

  /** Of all streams together, a second. */
  private record Rate(double tokens, double steps) {}

  private Rate rate(boolean isConstrained) {
    double first = seconds(isConstrained, 1);
    long before = engine.statistics().steps();
    double all = seconds(isConstrained, TOKENS);
    long steps = engine.statistics().steps() - before;
    return new Rate(STREAMS * (TOKENS - 1) / (all - first), steps / all);
  }

  private double seconds(boolean isConstrained, int tokens) {
    long begin = System.nanoTime();
    List<Generation> generations = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      GenerationRequest request = requests.get(i);
      Constraint constraint = isConstrained ? constraints.get(i % constraints.size()) : null;
      generations.add(
          start(
              new GenerationRequest(
                  request.promptTokens(),
                  sampling(request.sampling().seed(), tokens),
                  ServiceTerms.DEFAULT,
                  CacheScope.NONE,
                  constraint)));
    }
    for (Generation generation : generations) {
      GenerationEvent.Finished end = end(generation);
      if (end.reason() != FinishReason.LENGTH || end.completionTokens() != tokens) {
        throw new IllegalStateException("an answer ended before its time: " + end);
      }
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private static SamplingParams sampling(long seed, int tokens) {
    return new SamplingParams(0.8f, 1, seed, tokens, List.of());
  }

  private Generation start(GenerationRequest request) {
    if (engine.submit(request) instanceof Submission.Accepted(Generation generation)) {
      return generation;
    }
    throw new IllegalStateException("the engine refused a prompt");
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

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}

package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.scheduler.CacheNamespace;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.ServiceTerms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether the time to the first token tells that somebody has asked the same before: it must within
 * a namespace, else there is no cache, and must not across namespaces (Gu et al., "Auditing Prompt
 * Caching in Language Model APIs", 2025).
 */
@Tag("nightly")
class PrefixTimingTests {
  private static final int PROBES = 150;
  private static final int WARM_UP = 50;
  private static final int PROMPT = 1500;

  @TempDir Path folder;

  @Test
  void timeTellsOfOnesOwnPromptsAndOfNobodyElses() {
    Path file =
        TinyModel.writer(GgmlType.Q8_0, 11)
            .u32("llama.context_length", 2048)
            .write(folder.resolve("tiny.gguf"));
    EngineSettings settings = EngineSettings.of(file).withThreads(1).withKvMemoryBytes(64 << 20);
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      double own = area(engine, true);
      double others = area(engine, false);
      System.out.printf("AUC within a namespace %.3f, across namespaces %.3f%n", own, others);
      assertThat(own).isGreaterThanOrEqualTo(0.95);
      assertThat(others).isBetween(0.45, 0.55);
    }
  }

  /**
   * The chance that a probe of a prompt that was asked before is quicker than one of a fresh
   * prompt: the area under the attacker's ROC curve.
   *
   * @param own whether victim and attacker share a namespace
   */
  private static double area(Engine engine, boolean own) {
    Random random = new Random(own ? 1 : 2);
    CacheScope victim = CacheScope.of(CacheNamespace.random());
    CacheScope attacker = own ? victim : CacheScope.of(CacheNamespace.random());
    List<Long> asked = new ArrayList<>();
    List<Long> fresh = new ArrayList<>();
    for (int i = 0; i < WARM_UP + 2 * PROBES; i++) {
      int[] secret = random.ints(PROMPT, 2, 250).toArray();
      int[] other = random.ints(PROMPT, 2, 250).toArray();
      time(engine, secret, victim);
      boolean guesses = random.nextBoolean();
      long time = time(engine, guesses ? secret : other, attacker);
      if (i >= WARM_UP) {
        (guesses ? asked : fresh).add(time);
      }
    }
    double quicker = 0;
    for (long a : asked) {
      for (long f : fresh) {
        quicker += a < f ? 1 : a == f ? 0.5 : 0;
      }
    }
    return quicker / ((double) asked.size() * fresh.size());
  }

  private static long time(Engine engine, int[] prompt, CacheScope scope) {
    var request = new GenerationRequest(prompt, Answers.greedy(1), ServiceTerms.DEFAULT, scope);
    long start = System.nanoTime();
    Answers.read(Answers.start(engine, request));
    return System.nanoTime() - start;
  }
}

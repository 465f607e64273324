package io.galerne.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.galerne.engine.GreedyReference;
import io.galerne.engine.TinyModel;
import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.kernel.Rungs;
import io.galerne.engine.kernel.ScalarKernels;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class ModelRunnerTests {
  private static final int BLOCKS = 16;

  @TempDir Path folder;

  @Test
  void firstLogitsAreThoseOfTheReference() {
    try (GgufFile file = GgufFile.open(GreedyReference.WEIGHTS);
        var pool = new ComputePool(2)) {
      LlamaConfig config = LlamaConfig.from(file.metadata());
      LlamaWeights weights =
          LlamaLoader.load(file, config, 49_152, Arena.ofAuto(), pool, bytes -> {});
      for (GreedyReference.Prompt prompt : GreedyReference.prompts()) {
        for (Kernels kernels : Rungs.fast()) {
          ModelRunner runner = runner(config, weights, kernels, pool);
          float[] logits = logits(runner, prompt.ids(), prompt.ids().length);
          assertMatches(logits, prompt.firstStep());
        }
      }
    }
  }

  private static void assertMatches(float[] logits, JsonNode reference) {
    double error = 0;
    double power = 0;
    for (JsonNode top : reference.get("top10")) {
      double expected = top.get("logit").doubleValue();
      double difference = logits[top.get("id").intValue()] - expected;
      error += difference * difference;
      power += expected * expected;
    }
    assertThat(error / power).as("NMSE of the ten likeliest").isLessThan(1e-5);
    double sum = 0;
    double squares = 0;
    double exponentials = 0;
    for (float logit : logits) {
      sum += logit;
      squares += (double) logit * logit;
      exponentials += Math.exp(logit);
    }
    // Over all 49 152: any wrong row would move these.
    assertThat(sum / logits.length).isCloseTo(number(reference, "logits_mean"), within(1e-2));
    assertThat(Math.sqrt(squares / logits.length))
        .isCloseTo(number(reference, "logits_rms"), within(1e-2));
    assertThat(Math.log(exponentials)).isCloseTo(number(reference, "logsumexp"), within(1e-2));
  }

  private static double number(JsonNode node, String name) {
    return node.get(name).doubleValue();
  }

  @ParameterizedTest
  @EnumSource(GgmlType.class)
  void logitsHaveTheSameBitsForAnyKernelsThreadsAndChunks(GgmlType type) {
    Path path = TinyModel.writer(type, 3).write(folder.resolve("tiny.gguf"));
    int[] prompt = new int[75];
    for (int i = 0; i < prompt.length; i++) {
      prompt[i] = 2 + (i * 31) % 250;
    }
    float[] expected = tinyLogits(path, new ScalarKernels(), 1, prompt, 75);
    assertThat(expected).doesNotContain(Float.NaN);
    for (int chunk : new int[] {1, 7, 16, 75}) {
      for (int threads = 1; threads <= 3; threads++) {
        for (Kernels kernels : Rungs.fast()) {
          assertThat(tinyLogits(path, kernels, threads, prompt, chunk))
              .as("%s, %d threads, chunks of %d", kernels.name(), threads, chunk)
              .isEqualTo(expected);
        }
      }
    }
    assertThat(tinyLogits(path, new ScalarKernels(), 2, prompt, 9)).isEqualTo(expected);
    int[] other = prompt.clone();
    other[0]++;
    assertThat(tinyLogits(path, new ScalarKernels(), 2, other, 75))
        .as("another first token changes the logits")
        .isNotEqualTo(expected);
  }

  private static float[] tinyLogits(
      Path path, Kernels kernels, int threads, int[] prompt, int chunk) {
    try (GgufFile file = GgufFile.open(path);
        var pool = new ComputePool(threads)) {
      LlamaConfig config = LlamaConfig.from(file.metadata());
      LlamaWeights weights = LlamaLoader.load(file, config, 259, Arena.ofAuto(), pool, bytes -> {});
      return logits(runner(config, weights, kernels, pool), prompt, chunk);
    }
  }

  private static ModelRunner runner(
      LlamaConfig config, LlamaWeights weights, Kernels kernels, ComputePool pool) {
    KvCache cache = new KvCache(config, BLOCKS);
    for (int i = 0; i < BLOCKS; i++) {
      cache.prepare(i);
    }
    return new ModelRunner(config, weights, cache, kernels, pool, 100, 2);
  }

  /** The logits after a prompt that is computed in chunks. */
  private static float[] logits(ModelRunner runner, int[] prompt, int chunk) {
    int[] table = new int[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
      table[i] = (i * 5 + 3) % BLOCKS;
    }
    Batch batch = new Batch(100);
    for (int from = 0; from < prompt.length; from += chunk) {
      batch.clear();
      for (int i = from; i < Math.min(from + chunk, prompt.length); i++) {
        batch.add(prompt[i], i, table);
      }
      batch.wantLogits();
      runner.forward(batch);
    }
    return Arrays.copyOf(runner.logits(), runner.vocabulary());
  }
}

package io.galerne.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.kernel.Rungs;
import io.galerne.engine.kernel.ScalarKernels;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A sequence's logits have the same bits alone and in company, however it is cut into steps, for
 * any number of threads and for all kernels: windows and mixtures included.
 */
class BatchInvarianceTests {
  private static final int LENGTH = 120;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"mistral-v1-window", "mistral-short-window", "mixtral", "mixtral-imbalance"})
  void logitsHaveTheSameBitsForAnyCompanyChunksThreadsAndKernels(String name) {
    Path path = ReferenceModel.named(name).writer().write(folder.resolve("model.gguf"));
    int[] tokens = Arrays.copyOf(ReferenceModel.tokens(), LENGTH);
    float[][] expected = logits(path, new ScalarKernels(), 1, LENGTH, tokens);
    assertThat(logits(path, new ScalarKernels(), 2, 9, tokens)).isDeepEqualTo(expected);
    for (Kernels kernels : Rungs.fast()) {
      for (int threads = 1; threads <= 3; threads++) {
        for (int chunk : new int[] {1, 7, 16, LENGTH}) {
          assertThat(logits(path, kernels, threads, chunk, tokens))
              .as("%s, %d threads, chunks of %d", kernels.name(), threads, chunk)
              .isDeepEqualTo(expected);
        }
        assertThat(inCompany(path, kernels, threads, tokens)).isDeepEqualTo(expected);
      }
    }
  }

  /** The control: company is seen by whoever has another token in the window. */
  @Test
  void anotherTokenChangesTheLogitsOfThoseThatSeeIt() {
    Path path =
        ReferenceModel.named("mistral-short-window").writer().write(folder.resolve("m.gguf"));
    int[] tokens = Arrays.copyOf(ReferenceModel.tokens(), LENGTH);
    int[] other = tokens.clone();
    other[50]++;
    float[][] expected = logits(path, new ScalarKernels(), 2, LENGTH, tokens);
    float[][] changed = logits(path, new ScalarKernels(), 2, LENGTH, other);
    // Through three layers, a window of 7 sees 6 positions further back in each.
    int last = 50 + 3 * 6;
    assertThat(changed[49]).isEqualTo(expected[49]);
    assertThat(changed[50]).isNotEqualTo(expected[50]);
    assertThat(changed[last]).isNotEqualTo(expected[last]);
    assertThat(changed[last + 1]).isEqualTo(expected[last + 1]);
  }

  private static float[][] logits(
      Path path, Kernels kernels, int threads, int chunk, int[] tokens) {
    try (var model = new ModelUnderTest(path, ReferenceModel.VOCABULARY, kernels, threads)) {
      return model.logits(tokens, chunk);
    }
  }

  private static float[][] inCompany(Path path, Kernels kernels, int threads, int[] tokens) {
    int[] backwards = new int[150];
    for (int i = 0; i < backwards.length; i++) {
      backwards[i] = ReferenceModel.tokens()[199 - i];
    }
    try (var model = new ModelUnderTest(path, ReferenceModel.VOCABULARY, kernels, threads)) {
      return model.raggedLogits(backwards, new int[] {3}, tokens, Arrays.copyOf(backwards, 61))[2];
    }
  }
}

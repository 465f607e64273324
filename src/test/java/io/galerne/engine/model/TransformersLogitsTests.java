package io.galerne.engine.model;

import static io.galerne.engine.model.ReferenceModel.VOCABULARY;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.gguf.GgufWriter;
import io.galerne.engine.kernel.VectorKernels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Logits at each of 200 positions are those of Hugging Face transformers on the same weights.
 *
 * <p>The bar is 1e-4 of a position's logits. Most of what is seen is the cache, which holds keys
 * and values as half floats; against transformers with the same rounding the bar is lower.
 */
class TransformersLogitsTests {
  private static final double BAR = 1e-4;
  private static final double ROUNDED_BAR = 4e-5;

  @TempDir Path folder;

  static List<ReferenceModel> models() {
    return ReferenceModel.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void logitsAreThoseOfTransformers(ReferenceModel reference) {
    int[] tokens = ReferenceModel.tokens();
    try (ModelUnderTest model = model(reference.writer())) {
      float[][] whole = model.logits(tokens, tokens.length);
      assertMatches(whole, reference);
      assertMatches(model.logits(tokens, 23), reference);
      int[] shorter = Arrays.copyOf(tokens, 90);
      int[] other = Arrays.copyOfRange(tokens, 40, 170);
      float[][][] ragged = model.raggedLogits(other, tokens, shorter, tokens);
      assertMatches(ragged[1], reference);
      assertMatches(ragged[2], reference);
      assertThat(ragged[3]).isDeepEqualTo(whole);
    }
  }

  private static void assertMatches(float[][] logits, ReferenceModel reference) {
    assertThat(largestError(logits, reference.logits())).isLessThan(BAR);
    assertThat(largestError(logits, reference.logitsOfRoundedCache())).isLessThan(ROUNDED_BAR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixtral", "mixtral-imbalance"})
  void expertsInOneTensorAreTheSameModel(String name) {
    ReferenceModel reference = ReferenceModel.named(name);
    int[] tokens = ReferenceModel.tokens();
    try (ModelUnderTest separate = model(reference.writer());
        ModelUnderTest fused = model(reference.fusedWriter())) {
      assertThat(fused.logits(tokens, 200)).isDeepEqualTo(separate.logits(tokens, 200));
    }
  }

  /** The controls of the comparison: each of these mistakes would be seen. */
  @Test
  void aWindowThatIsOffByOneIsSeen() {
    ReferenceModel reference = ReferenceModel.named("mistral-v1-window");
    String key = "llama.attention.sliding_window";
    assertThat(error(reference, reference.writer().u32(key, 0))).isGreaterThan(BAR);
  }

  @Test
  void anotherThetaIsSeen() {
    ReferenceModel reference = ReferenceModel.named("mistral-v3");
    assertThat(error(reference, reference.writer().f32("llama.rope.freq_base", 1e4f)))
        .isGreaterThan(BAR);
  }

  @Test
  void anotherScalingIsSeen() {
    ReferenceModel yarn = ReferenceModel.named("llama-yarn");
    assertThat(error(yarn, yarn.writer().string("llama.rope.scaling.type", "linear")))
        .isGreaterThan(BAR);
    ReferenceModel ministral = ReferenceModel.named("ministral3");
    String magnitude = "mistral3.rope.scaling.yarn_log_multiplier";
    assertThat(error(ministral, ministral.writer().f32(magnitude, 0))).isGreaterThan(BAR);
    String temperature = "mistral3.attention.temperature_scale";
    assertThat(error(ministral, ministral.writer().f32(temperature, 0))).isGreaterThan(BAR);
  }

  @Test
  void aRouterThatDoesNotNormaliseIsSeen() {
    ReferenceModel reference = ReferenceModel.named("mixtral");
    int[] tokens = ReferenceModel.tokens();
    try (ModelUnderTest model = model(reference.writer())) {
      assertThat(largestError(model.logits(tokens, 200), reference.logitsOfWrongRouter()))
          .isGreaterThan(BAR);
    }
  }

  private double error(ReferenceModel reference, GgufWriter writer) {
    int[] tokens = ReferenceModel.tokens();
    try (ModelUnderTest model = model(writer)) {
      return largestError(model.logits(tokens, 200), reference.logits());
    }
  }

  private ModelUnderTest model(GgufWriter writer) {
    Path path = writer.write(folder.resolve("model.gguf"));
    return new ModelUnderTest(path, VOCABULARY, new VectorKernels(), 2);
  }

  /** The largest of all positions of {@code |actual - expected| / |expected|}. */
  private static double largestError(float[][] actual, float[][] expected) {
    double largest = 0;
    for (int position = 0; position < actual.length; position++) {
      double error = 0;
      double power = 0;
      for (int i = 0; i < VOCABULARY; i++) {
        double difference = (double) actual[position][i] - expected[position][i];
        error += difference * difference;
        power += (double) expected[position][i] * expected[position][i];
      }
      largest = Math.max(largest, Math.sqrt(error / power));
    }
    return largest;
  }
}

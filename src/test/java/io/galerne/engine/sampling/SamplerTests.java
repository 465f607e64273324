package io.galerne.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.galerne.engine.kernel.ScalarKernels;
import io.galerne.engine.kernel.VectorKernels;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SamplerTests {
  private final float[] logits = {0, 3, 1, 2, -4};
  private final Sampler sampler = new Sampler(new VectorKernels(), logits.length);

  @Test
  void temperatureZeroTakesTheMostLikely() {
    assertThat(sampler.sample(logits, 0, params(0, 1, 1), 0)).isEqualTo(1);
  }

  @Test
  void drawsFollowTheSoftmax() {
    int[] counts = new int[logits.length];
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      counts[sampler.sample(logits, 0, params(1, 1, 99), i)]++;
    }
    double total = 0;
    for (float logit : logits) {
      total += Math.exp(logit);
    }
    for (int i = 0; i < logits.length; i++) {
      assertThat(counts[i] / (double) draws).isCloseTo(Math.exp(logits[i]) / total, within(0.015));
    }
  }

  @Test
  void theNucleusLeavesTheTailOut() {
    // The two likeliest have 0.87 of the mass, the first alone 0.64.
    int[] counts = new int[logits.length];
    for (int i = 0; i < 5_000; i++) {
      counts[sampler.sample(logits, 0, params(1, 0.8f, 5), i)]++;
    }
    assertThat(counts[0] + counts[2] + counts[4]).isZero();
    assertThat(counts[1]).isGreaterThan(counts[3]);
    assertThat(counts[3]).isPositive();
    for (int i = 0; i < 100; i++) {
      assertThat(sampler.sample(logits, 0, params(1, 0.01f, 5), i)).isEqualTo(1);
    }
  }

  @Test
  void aLowerTemperatureIsMoreCertain() {
    int likeliest = 0;
    for (int i = 0; i < 1_000; i++) {
      likeliest += sampler.sample(logits, 0, params(0.2f, 1, 3), i) == 1 ? 1 : 0;
    }
    assertThat(likeliest).isGreaterThan(980);
  }

  @Test
  void theSameSeedDrawsTheSameOnEveryKernelSet() {
    Random random = new Random(1);
    float[] many = new float[5_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = (float) random.nextGaussian() * 3;
    }
    var scalar = new Sampler(new ScalarKernels(), many.length);
    var vector = new Sampler(new VectorKernels(), many.length);
    int differences = 0;
    for (int i = 0; i < 200; i++) {
      var params = params(0.8f, i % 2 == 0 ? 1 : 0.9f, 17);
      assertThat(vector.sample(many, 0, params, i)).isEqualTo(scalar.sample(many, 0, params, i));
      int other = vector.sample(many, 0, params(0.8f, 1, 18), i);
      differences += other == vector.sample(many, 0, params, i) ? 0 : 1;
    }
    assertThat(differences).as("another seed draws differently").isPositive();
  }

  @Test
  void onlyAllowedTokensAreDrawnAsIfThereWereNoOthers() {
    long[] allowed = {0b10101};
    assertThat(sampler.sample(logits, 0, params(0, 1, 1), 0, allowed)).isEqualTo(2);
    int[] counts = new int[logits.length];
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      counts[sampler.sample(logits, 0, params(1, 1, 7), i, allowed)]++;
    }
    assertThat(counts[1] + counts[3]).isZero();
    double total = Math.exp(0) + Math.exp(1) + Math.exp(-4);
    assertThat(counts[2] / (double) draws).isCloseTo(Math.exp(1) / total, within(0.015));
    for (int i = 0; i < 2_000; i++) {
      // The first has 0.27 of what is allowed, the third 0.73.
      assertThat(sampler.sample(logits, 0, params(1, 0.7f, 7), i, allowed)).isEqualTo(2);
    }
    assertThat(sampler.sample(logits, 0, params(1, 1, 7), 0, new long[] {0})).isNegative();
    assertThat(sampler.sample(logits, 0, params(1, 1, 7), 0, new long[] {16})).isEqualTo(4);
  }

  @Test
  void aMaskOfEverythingChangesNothing() {
    for (int i = 0; i < 500; i++) {
      var params = params(1, i % 2 == 0 ? 1 : 0.8f, 3);
      assertThat(sampler.sample(logits, 0, params, i, new long[] {0b11111}))
          .isEqualTo(sampler.sample(logits, 0, params, i));
    }
  }

  private static SamplingParams params(float temperature, float topP, long seed) {
    return new SamplingParams(temperature, topP, seed, 1, List.of());
  }
}

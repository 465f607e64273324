package io.galerne.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.galerne.engine.kernel.VectorKernels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdjustmentsTests {
  private static final float[] LOGITS = {0, 3, 1, 2, -4};
  private final Sampler sampler = new Sampler(new VectorKernels(), LOGITS.length, new int[] {3});

  /** A prompt of tokens 1 and 4, then an answer. */
  private record History(int... answer) implements TokenHistory {
    @Override
    public int promptLength() {
      return 2;
    }

    @Override
    public int length() {
      return 2 + answer.length;
    }

    @Override
    public int token(int position) {
      return position < 2 ? new int[] {1, 4}[position] : answer[position - 2];
    }
  }

  private float[] adjusted(Adjustments adjustments, int... answer) {
    return Arrays.copyOf(
        sampler.adjusted(LOGITS, 0, adjustments, new History(answer)), LOGITS.length);
  }

  @Test
  void penaltiesFollowTheirDefinitions() {
    assertThat(adjusted(new Adjustments(0.5f, 0.25f, 1, Map.of(), 0, 0, 0), 2, 0, 2))
        .as("the prompt is not penalised")
        .containsExactly(-0.75f, 3, 0, 2, -4);
    assertThat(adjusted(new Adjustments(0, 0, 2, Map.of(), 0, 0, 0), 2, 2))
        .as("the prompt is, each token once, whatever its sign")
        .containsExactly(0, 1.5f, 0.5f, 2, -8);
    assertThat(adjusted(new Adjustments(0, 0, 1, Map.of(0, 7f, 1, -3f), 0, 0, 0)))
        .containsExactly(7, 0, 1, 2, -4);
    assertThat(adjusted(new Adjustments(0, 0, 1, Map.of(), 1, 0, 0))[3]).isLessThan(-1e29f);
    assertThat(adjusted(new Adjustments(0, 0, 1, Map.of(), 1, 0, 0), 2)).containsExactly(LOGITS);
    assertThat(LOGITS).containsExactly(0, 3, 1, 2, -4);
  }

  @Test
  void onlyTheLikeliestAreDrawn() {
    int[] topTwo = counts(new Adjustments(0, 0, 1, Map.of(), 0, 2, 0));
    assertThat(topTwo[0] + topTwo[2] + topTwo[4]).isZero();
    assertThat(topTwo[1] / 5_000.0).isCloseTo(1 / (1 + Math.exp(-1)), within(0.02));
    assertThat(counts(new Adjustments(0, 0, 1, Map.of(), 0, 1, 0))[1]).isEqualTo(5_000);
    assertThat(counts(new Adjustments(0, 0, 1, Map.of(), 0, 5, 0)))
        .containsExactly(counts(Adjustments.NONE));
    // e^-1 is above a third of the likeliest, e^-2 is not
    assertThat(counts(new Adjustments(0, 0, 1, Map.of(), 0, 0, 1 / 3f))).containsExactly(topTwo);
  }

  @Test
  void amongManyTheLikeliestAreFound() {
    Random random = new Random(3);
    float[] logits = new float[3_000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = Math.round(random.nextGaussian() * 20) / 10f;
    }
    Integer[] order = new Integer[logits.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Float.compare(logits[b], logits[a]));
    var many = new Sampler(new VectorKernels(), logits.length);
    for (int k : new int[] {1, 2, 50, 1_400, 2_999, 3_000, 9_000}) {
      float[] weights = new float[logits.length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) Math.exp(logits[i] - logits[order[0]]);
      }
      Likeliest.keep(
          weights,
          weights.length,
          new Adjustments(0, 0, 1, Map.of(), 0, k, 0),
          new long[weights.length]);
      int kept = Math.min(k, weights.length);
      for (int i = 0; i < weights.length; i++) {
        assertThat(weights[order[i]] > 0).as("%d of %d", i, k).isEqualTo(i < kept);
      }
      assertThat(many.logprobs(logits, 0, 0, k).tokens())
          .containsExactly(Arrays.stream(order).limit(kept).mapToInt(Integer::intValue).toArray());
    }
  }

  private int[] counts(Adjustments adjustments) {
    int[] counts = new int[LOGITS.length];
    for (int i = 0; i < 5_000; i++) {
      SamplingParams params = new SamplingParams(1, 1, 5, 1, List.of(), adjustments, -1);
      counts[sampler.sample(LOGITS, 0, params, i)]++;
    }
    return counts;
  }
}

package io.galerne.engine.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.engine.sampling.SamplingParams;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTokenCounterTests {
  private final VirtualTokenCounter counter = new VirtualTokenCounter(2);

  @Test
  void theKeyWithTheLeastServiceByWeightIsNext() {
    Sequence light = arrive("light", 1);
    Sequence heavy = arrive("heavy", 4);
    counter.charge(light, 10, 10);
    counter.charge(heavy, 20, 20);
    assertThat(counter.head()).isSameAs(heavy);
    counter.charge(heavy, 30, 30);
    assertThat(counter.head()).isSameAs(light);
  }

  @Test
  void aPauseEarnsNothing() {
    Sequence busy = arrive("busy", 1);
    counter.charge(busy, 100, 100);
    Sequence late = arrive("late", 1);
    assertThat(VirtualTokenCounter.accountOf(late).counter).isEqualTo(100);
    counter.leave(busy);
    counter.leave(late);
    counter.charge(late, 40, 40);
    assertThat(counter.level()).as("of the last that waited").isEqualTo(140);
    Sequence third = arrive("third", 1);
    assertThat(VirtualTokenCounter.accountOf(third).counter).isEqualTo(140);
  }

  @Test
  void whoWasServedBeyondItsPartIsNotForgiven() {
    Sequence greedy = arrive("greedy", 1);
    Sequence waiting = arrive("waiting", 1);
    counter.leave(greedy);
    counter.charge(greedy, 500, 500);
    counter.end(greedy);
    Sequence again = arrive("greedy", 1);
    assertThat(VirtualTokenCounter.accountOf(again).counter).isEqualTo(500);
    assertThat(counter.head()).isSameAs(waiting);
  }

  @Test
  void keysAreForgottenWithoutGain() {
    Sequence waiting = arrive("waiting", 1);
    for (int i = 0; i < 100; i++) {
      Sequence passing = arrive("key-" + i, 1);
      counter.leave(passing);
      counter.charge(passing, 50, 50);
      counter.end(passing);
      assertThat(counter.accounts()).hasSizeLessThanOrEqualTo(4);
    }
    for (int i = 0; i < 100; i++) {
      Sequence again = arrive("key-" + i, 1);
      assertThat(VirtualTokenCounter.accountOf(again).counter).isGreaterThanOrEqualTo(50);
    }
    assertThat(counter.head()).isSameAs(waiting);
  }

  @Test
  void weightsAreBounded() {
    for (double weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e-9}) {
      assertThatThrownBy(() -> new ServiceTerms("key", weight, Priority.INTERACTIVE, null))
          .hasMessageContaining("weight");
    }
  }

  private Sequence arrive(String key, double weight) {
    var sequence =
        new Sequence(
            new int[] {1},
            new SamplingParams(0, 1, 0, 1, List.of()),
            new ServiceTerms(key, weight, Priority.INTERACTIVE, null),
            CacheScope.NONE);
    counter.arrive(sequence);
    return sequence;
  }
}

package io.galerne.engine.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Thousands of random workloads, each step of each checked; and what they find when it is broken.
 */
class SchedulerSimulationTests {
  private static final int WORKLOADS = 500;
  private static final int WORKLOADS_NIGHTLY = 10_000;
  private static final int WORKLOADS_TO_FIND_A_FAULT = 200;

  @Test
  void noWorkloadBreaksAnInvariant() {
    run(0, WORKLOADS);
  }

  @Test
  @Tag("nightly")
  void noneOfTenThousandBreaksAnInvariant() {
    run(0, WORKLOADS_NIGHTLY);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aBrokenSchedulerIsFound(Fault fault) {
    Map<String, Integer> found = new LinkedHashMap<>();
    for (int seed = 0; seed < WORKLOADS_TO_FIND_A_FAULT; seed++) {
      try {
        Simulation.run(Workload.of(seed), fault);
      } catch (Broken e) {
        found.merge(e.invariant(), 1, Integer::sum);
      } catch (IllegalStateException | IndexOutOfBoundsException e) {
        // the scheduler's own checks
        found.merge("self-check", 1, Integer::sum);
      }
    }
    assertThat(found).as(fault.name()).containsKey(fault.breaks);
  }

  /** Runs workloads, and makes sure that they are hard enough to mean something. */
  private static void run(int from, int to) {
    long steps = 0;
    long preemptions = 0;
    long cached = 0;
    int promoted = 0;
    double unfairness = 0;
    for (int seed = from; seed < to; seed++) {
      Simulation.Outcome outcome;
      try {
        outcome = Simulation.run(Workload.of(seed), Fault.NONE);
      } catch (RuntimeException e) {
        throw new AssertionError("workload " + seed + " " + e.getMessage(), e);
      }
      steps += outcome.steps();
      preemptions += outcome.preemptions();
      cached += outcome.cachedTokens();
      promoted += outcome.promoted();
      unfairness = Math.max(unfairness, outcome.unfairness());
    }
    assertThat(steps).isGreaterThan(50L * to);
    assertThat(preemptions).isGreaterThan(to / 2);
    assertThat(cached).isGreaterThan(10L * to);
    assertThat(promoted).isGreaterThan(to / 100);
    assertThat(unfairness).isBetween(0.2, 1.0);
  }
}

package io.galerne.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComputePoolTests {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void everyUnitIsDoneOnce(int threads) {
    try (var pool = new ComputePool(threads)) {
      for (int units = 0; units < 300; units++) {
        var done = new AtomicIntegerArray(units);
        pool.run(
            units,
            1 + units % 7,
            (from, to, worker) -> {
              assertThat(worker).isBetween(0, threads - 1);
              for (int i = from; i < to; i++) {
                done.incrementAndGet(i);
              }
            });
        for (int i = 0; i < units; i++) {
          assertThat(done.get(i)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void aFailureReachesTheCallerAndThePoolLivesOn() {
    try (var pool = new ComputePool(2)) {
      assertThatThrownBy(
              () ->
                  pool.run(
                      64,
                      1,
                      (from, to, worker) -> {
                        if (from == 63) {
                          throw new IllegalArgumentException("unit 63");
                        }
                      }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("unit 63");
      var done = new AtomicIntegerArray(64);
      pool.run(64, 1, (from, to, worker) -> done.incrementAndGet(from));
      assertThat(done.get(63)).isEqualTo(1);
    }
  }

  @Test
  void workersThatParkedWakeUp() {
    try (var pool = new ComputePool(3)) {
      for (int round = 0; round < 20; round++) {
        // Longer than workers spin.
        java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        var done = new AtomicIntegerArray(100);
        pool.run(100, 1, (from, to, worker) -> done.incrementAndGet(from));
        assertThat(done.get(99)).isEqualTo(1);
      }
    }
  }
}

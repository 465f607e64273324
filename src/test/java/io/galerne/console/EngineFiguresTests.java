package io.galerne.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.EngineStatistics;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineFiguresTests {
  @Test
  void addsUpAllEngines() {
    EngineStatistics one = statistics(3, 1, 100, 50, 4, 10);
    EngineStatistics other = statistics(1, 0, 20, 5, 0, 30);

    assertThat(EngineFigures.of(List.of(one, other)))
        .isEqualTo(new EngineFigures("vector-512", 2, 4, 1, 120, 55, 4, 40));
  }

  private static EngineStatistics statistics(
      int running, int waiting, int promptTokens, int generatedTokens, int used, int blocks) {
    return new EngineStatistics(
        "vector-512",
        2,
        running,
        waiting,
        promptTokens,
        generatedTokens,
        0,
        9,
        0,
        used,
        0,
        blocks,
        List.of());
  }
}

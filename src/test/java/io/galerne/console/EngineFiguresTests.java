package io.galerne.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.EngineStatistics;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineFiguresTests {
  @Test
  void addsUpAllEngines() {
    EngineStatistics one = new EngineStatistics("vector-512", 2, 3, 1, 100, 50, 9, 4, 10);
    EngineStatistics other = new EngineStatistics("vector-512", 2, 1, 0, 20, 5, 9, 0, 30);

    assertThat(EngineFigures.of(List.of(one, other)))
        .isEqualTo(new EngineFigures("vector-512", 2, 4, 1, 120, 55, 4, 40));
  }
}

package io.galerne.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.engine.TinyModel;
import io.galerne.engine.gguf.GgmlType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

class MemoryPlanTests {
  private static final long MIB = 1 << 20;
  private static final List<MemoryPlan.Share> TWO =
      List.of(
          new MemoryPlan.Share("small", 400 * MIB, 100 * MIB),
          new MemoryPlan.Share("large", 900 * MIB, 200 * MIB));

  @Test
  void acceptsWhatFitsToTheLastByte() {
    new MemoryPlan(1600 * MIB, 300 * MIB).require(TWO);
  }

  @Test
  void refusesMoreThanTheHeapWithTheSum() {
    assertThatThrownBy(() -> new MemoryPlan(1600 * MIB, 300 * MIB - 1).require(TWO))
        .isInstanceOfSatisfying(
            InvalidConfigurationPropertyValueException.class,
            e ->
                assertThat(e.getReason())
                    .contains(
                        "small (weights 400 MiB, keys and values 100 MiB) + large (weights 900 MiB,"
                            + " keys and values 200 MiB)",
                        "keys and values takes 300 MiB",
                        "heap may grow to 299 MiB"));
  }

  @Test
  void refusesMoreThanTheMachine() {
    assertThatThrownBy(() -> new MemoryPlan(1600 * MIB - 1, 300 * MIB).require(TWO))
        .hasMessageContaining("all of it takes 1600 MiB, but the machine has 1599 MiB");
  }

  @Test
  void knowsWhatAFileTakesAndLeavesABrokenOneToItsLoader(@TempDir Path folder) throws Exception {
    Path tiny = TinyModel.writer(GgmlType.Q8_0, 1).write(folder.resolve("tiny.gguf"));
    Path broken = Files.writeString(folder.resolve("broken.gguf"), "GGUF");

    assertThat(MemoryPlan.share("t", tiny, 5).weightsBytes()).isBetween(50_000L, 200_000L);
    assertThat(MemoryPlan.share("b", broken, 5)).isEqualTo(new MemoryPlan.Share("b", 0, 5));
  }

  @Test
  void defaultsOfManyEnginesFitTogether() {
    for (int engines = 1; engines < 20; engines++) {
      assertThat(engines * MemoryPlan.defaultKvBytes(engines))
          .isLessThanOrEqualTo(Runtime.getRuntime().maxMemory() / 2);
    }
  }
}

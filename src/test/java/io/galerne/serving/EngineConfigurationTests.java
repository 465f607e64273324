package io.galerne.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.catalog.CatalogProperties;
import io.galerne.catalog.Catalogs;
import io.galerne.catalog.WeightsCatalog;
import io.galerne.engine.EngineStatistics;
import io.galerne.engine.TinyModel;
import io.galerne.engine.WeightsException;
import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufWriter;
import io.galerne.engine.kernel.KernelChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;

/** Several engines in one process, each by its own entry of the catalogue. */
@ExtendWith(OutputCaptureExtension.class)
class EngineConfigurationTests {
  private static final EngineProperties DEFAULTS =
      new EngineProperties(2, DataSize.ofMegabytes(32), 8, 16, 8, 64, 32, 8, KernelChoice.SCALAR);

  @TempDir Path folder;

  @Test
  void loadsWhatModelsUseEachWithABarAndItsOwnSettings(CapturedOutput output) {
    WeightsCatalog catalog =
        catalog(
            weights("one", model(1), 1, DataSize.ofMegabytes(1), 2),
            weights("two", model(2), null, null, null),
            weights("spare", folder.resolve("not-even-there.gguf"), null, null, null));

    assertThat(catalog.unused()).containsExactly("spare");
    try (EngineRegistry engines = EngineConfiguration.load(catalog, DEFAULTS)) {
      assertThat(engines.profiles()).containsOnlyKeys("one", "two");
      EngineStatistics one = Objects.requireNonNull(engines.engine("one")).statistics();
      EngineStatistics two = Objects.requireNonNull(engines.engine("two")).statistics();
      assertThat(one.threads()).isEqualTo(1);
      assertThat(two.threads()).isEqualTo(2);
      assertThat(two.kvBlocks()).isEqualTo(32 * one.kvBlocks());
    }
    assertThat(output)
        .containsPattern("Loading one \\[#+] 100 %")
        .containsPattern("Loading two \\[#+] 100 %")
        .doesNotContain("Loading spare");
  }

  @Test
  void aFileThatFailsNamesItselfAndTheField() {
    GgufWriter bad = TinyModel.writer(GgmlType.F32, 2).f32("llama.rope.freq_base", -1);
    Path file = bad.write(folder.resolve("bad.gguf"));
    WeightsCatalog catalog =
        catalog(weights("one", model(1), null, null, null), weights("two", file, null, null, null));

    assertThatThrownBy(() -> EngineConfiguration.load(catalog, DEFAULTS))
        .isInstanceOfSatisfying(
            WeightsException.class,
            e ->
                assertThat(new WeightsFailureAnalyzer().analyze(e, e).getDescription())
                    .startsWith("Weights can't be served: " + file + ": llama.rope.freq_base: "));
  }

  @Test
  void budgetsThatDoNotFitTogetherAreRefusedBeforeAnythingIsLoaded(CapturedOutput output) {
    DataSize mostOfTheHeap = DataSize.ofBytes(Runtime.getRuntime().maxMemory() / 3 * 2);
    WeightsCatalog catalog =
        catalog(
            weights("one", model(1), null, mostOfTheHeap, null),
            weights("two", model(2), null, mostOfTheHeap, null));

    assertThatThrownBy(() -> EngineConfiguration.load(catalog, DEFAULTS))
        .isInstanceOfSatisfying(
            InvalidConfigurationPropertyValueException.class,
            e ->
                assertThat(e.getReason())
                    .contains("one (weights ", " + two (weights ", "the Java heap may grow to"));
    assertThat(output).doesNotContain("Loading");
  }

  private Path model(long seed) {
    return TinyModel.writer(GgmlType.F32, seed).write(folder.resolve(seed + ".gguf"));
  }

  private static CatalogProperties.Weights weights(
      String id,
      Path file,
      @Nullable Integer threads,
      @Nullable DataSize kvMemory,
      @Nullable Integer sequencesMax) {
    return new CatalogProperties.Weights(
        id,
        file,
        "00".repeat(32),
        "MIT",
        "a test",
        0.7,
        null,
        threads,
        kvMemory,
        sequencesMax,
        null,
        null);
  }

  /** Two models, on the weights {@code one} and {@code two}. */
  private static WeightsCatalog catalog(CatalogProperties.Weights... weights) {
    return new WeightsCatalog(
        Catalogs.catalog(
            List.of(weights), List.of(Catalogs.model("a", "one"), Catalogs.model("b", "two"))));
  }
}

package io.galerne.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** {@link KernelBenchmark} as a table: floating-point operations a second, rung beside rung. */
final class KernelBenchmarks {
  private KernelBenchmarks() {}

  static void run(Path results) throws IOException {
    double peak = MachineLimits.measure(1).flopsPerSecond() / 1e9;
    StringBuilder report =
        new StringBuilder("GFLOP/s of one thread, which can do %.0f%n".formatted(peak))
            .append("| type | tokens | vector | machine | ratio |\n|---|---|---|---|---|\n");
    Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
    for (RunResult result : measured()) {
      String tokens = result.getParams().getParam("tokens");
      double operations =
          2.0 * KernelBenchmark.ROWS * KernelBenchmark.COLUMNS * Integer.parseInt(tokens);
      rows.computeIfAbsent(
              "%s | %s".formatted(result.getParams().getParam("type"), tokens),
              _ -> new LinkedHashMap<>())
          .put(
              result.getParams().getParam("kernels"),
              operations / result.getPrimaryResult().getScore() / 1e3);
    }
    rows.forEach(
        (row, figures) -> {
          double vector = figures.getOrDefault("VECTOR", Double.NaN);
          double machine = figures.getOrDefault("MACHINE", Double.NaN);
          report.append(
              "| %s | %.0f | %.0f | %.2f |%n".formatted(row, vector, machine, machine / vector));
        });
    Files.writeString(results.resolve("kernels.txt"), report);
    System.out.print(report);
  }

  private static Collection<RunResult> measured() {
    try {
      return new Runner(
              new OptionsBuilder().include(KernelBenchmark.class.getName() + "\\.").build())
          .run();
    } catch (RunnerException e) {
      throw new IllegalStateException("the kernels could not be measured", e);
    }
  }
}

package io.galerne.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code mvn -Pbench verify} runs. */
final class Benchmarks {
  private Benchmarks() {}

  /**
   * @param arguments what to measure ("speed", "kernels", "http", "growth", "speculation",
   *     "memory", "start", "divergence", "constraints", "moderation" or "platform") or to make
   *     ("shape"), the weights, the number of rounds, the folder of llama.cpp's tools ("none" for
   *     the PATH), the folder of a model that Jlama reads (or "none"), texts, the folder for
   *     results
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path weights = Path.of(arguments[1]);
    Path results = Files.createDirectories(Path.of(arguments[6]));
    switch (arguments[0]) {
      case "speed" ->
          EngineBenchmark.run(
              weights,
              Integer.parseInt(arguments[2]),
              arguments[3],
              arguments[4],
              results.resolve("bench.json"));
      case "kernels" -> KernelBenchmarks.run(results);
      case "divergence" ->
          DivergenceBenchmark.run(
              weights,
              joined(arguments[5].split(","), results.resolve("text.txt")),
              arguments[3],
              results);
      case "constraints" ->
          ConstraintBenchmark.run(
              weights, Integer.parseInt(arguments[2]), results.resolve("constraints.txt"));
      case "moderation" -> ModerationBenchmark.run(results);
      case "platform" -> PlatformBenchmark.run(results);
      case "http" ->
          HttpBenchmark.run(weights, Integer.parseInt(arguments[2]), arguments[3], results);
      case "start" -> StartBenchmark.run(results, Integer.parseInt(arguments[2]));
      case "growth" -> GrowthBenchmark.run(weights, arguments[3], results);
      case "speculation" ->
          SpeculationBenchmark.run(weights, Integer.parseInt(arguments[2]), results);
      case "memory" -> MemoryBenchmark.run(weights, results);
      case "shape" -> MistralShape.write(weights);
      default ->
          throw new IllegalArgumentException(
              "bench.of: '"
                  + arguments[0]
                  + "' is none of speed, kernels, http, growth, speculation, memory, shape, start,"
                  + " divergence, constraints, moderation and platform");
    }
  }

  private static Path joined(String[] files, Path target) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String file : files) {
      text.append(Files.readString(Path.of(file)));
    }
    return Files.writeString(target, text);
  }
}

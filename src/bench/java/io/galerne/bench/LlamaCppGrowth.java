package io.galerne.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** llama.cpp's figures for growing numbers of streams and lengths of context. */
final class LlamaCppGrowth {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;
  private final Path weights;

  private LlamaCppGrowth(Path folder, Path weights) {
    this.folder = folder;
    this.weights = weights;
  }

  static Optional<LlamaCppGrowth> find(String folder, Path weights) {
    return Files.isExecutable(Path.of(folder).resolve("llama-batched-bench"))
        ? Optional.of(new LlamaCppGrowth(Path.of(folder), weights))
        : Optional.empty();
  }

  double[] streams(int threads, int[] streams, int context, int decode) {
    String output =
        ChildProcess.output(
            folder.resolve("llama-batched-bench").toString(),
            "-m",
            weights.toString(),
            "-t",
            String.valueOf(threads),
            "-c",
            String.valueOf(Arrays.stream(streams).max().orElseThrow() * (context + decode)),
            "-npp",
            String.valueOf(context),
            "-ntg",
            String.valueOf(decode),
            "-npl",
            joined(streams),
            "--output-format",
            "jsonl");
    return output
        .lines()
        .filter(line -> line.startsWith("{"))
        .mapToDouble(line -> JSON.readTree(line).get("speed_tg").doubleValue())
        .toArray();
  }

  double[] contexts(int threads, int[] contexts, int decode) {
    JsonNode rows =
        JSON.readTree(
            ChildProcess.output(
                folder.resolve("llama-bench").toString(),
                "-m",
                weights.toString(),
                "-t",
                String.valueOf(threads),
                "-p",
                "0",
                "-n",
                String.valueOf(decode),
                "-d",
                joined(contexts),
                "-r",
                "1",
                "-o",
                "json"));
    return IntStream.range(0, contexts.length)
        .mapToDouble(i -> rows.get(i).get("avg_ts").doubleValue())
        .toArray();
  }

  private static String joined(int[] numbers) {
    return IntStream.of(numbers).mapToObj(String::valueOf).collect(Collectors.joining(","));
  }
}

package io.galerne.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** llama.cpp through its own {@code llama-bench} and {@code llama-batched-bench}. */
final class LlamaCppPeer implements Peer {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;
  private final Path weights;

  private LlamaCppPeer(Path folder, Path weights) {
    this.folder = folder;
    this.weights = weights;
  }

  /** The tools in a folder, or on the PATH where none is given. */
  static Optional<Peer> find(String folder, Path weights) {
    List<String> places =
        folder.equals("none")
            ? List.of(System.getenv().getOrDefault("PATH", "").split(":"))
            : List.of(folder);
    return places.stream()
        .map(Path::of)
        .filter(place -> Files.isExecutable(place.resolve("llama-batched-bench")))
        .findFirst()
        .map(place -> new LlamaCppPeer(place, weights));
  }

  @Override
  public String name() {
    return "llama.cpp";
  }

  @Override
  public List<Measurement> measure(Measurement.Work work) {
    double rate = work.streams() <= 1 ? single(work) : batched(work);
    return List.of(new Measurement(name(), work, rate));
  }

  private double single(Measurement.Work work) {
    boolean prompt = work.streams() == 0;
    String output =
        ChildProcess.output(
            folder.resolve("llama-bench").toString(),
            "-m",
            weights.toString(),
            "-t",
            String.valueOf(work.threads()),
            "-p",
            prompt ? String.valueOf(Measurement.Work.PROMPT_TOKENS) : "0",
            "-n",
            prompt ? "0" : String.valueOf(Measurement.Work.DECODE_TOKENS),
            "-r",
            "1",
            "-o",
            "json");
    return JSON.readTree(output).get(0).get("avg_ts").doubleValue();
  }

  private double batched(Measurement.Work work) {
    int context =
        work.streams() * (Measurement.Work.DECODE_CONTEXT + Measurement.Work.DECODE_TOKENS);
    String output =
        ChildProcess.output(
            folder.resolve("llama-batched-bench").toString(),
            "-m",
            weights.toString(),
            "-t",
            String.valueOf(work.threads()),
            "-c",
            String.valueOf(context),
            "-npp",
            String.valueOf(Measurement.Work.DECODE_CONTEXT),
            "-ntg",
            String.valueOf(Measurement.Work.DECODE_TOKENS),
            "-npl",
            String.valueOf(work.streams()),
            "--output-format",
            "jsonl");
    JsonNode last =
        JSON.readTree(
            output.lines().filter(line -> line.startsWith("{")).reduce((a, b) -> b).orElseThrow());
    return last.get("speed_tg").doubleValue();
  }
}

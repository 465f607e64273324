package io.galerne.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Jlama in a JVM of its own, because its thread pools are global. It has no batches. */
final class JlamaPeer implements Peer {
  private final Path model;

  /** What a run printed, by threads: one run gives both figures. */
  private final Map<Integer, String> outputs = new HashMap<>();

  private JlamaPeer(Path model) {
    this.model = model;
  }

  /** Jlama with a converted model, if its folder is named. */
  static Optional<Peer> find(String model) {
    return !Files.isDirectory(Path.of(model))
        ? Optional.empty()
        : Optional.of(new JlamaPeer(Path.of(model)));
  }

  @Override
  public String name() {
    return "Jlama";
  }

  @Override
  public List<Measurement> measure(Measurement.Work work) {
    if (work.streams() > 1) {
      return List.of();
    }
    String output = outputs.computeIfAbsent(work.threads(), this::run);
    JsonNode line =
        JsonMapper.builder()
            .build()
            .readTree(
                output.lines().filter(text -> text.startsWith("{")).findFirst().orElseThrow());
    if (work.streams() > 0) {
      outputs.remove(work.threads());
    }
    String field = work.streams() == 0 ? "promptPerSecond" : "decodePerSecond";
    return List.of(new Measurement(name(), work, line.get(field).doubleValue()));
  }

  private String run(int threads) {
    return ChildProcess.output(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--add-modules=jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
        "-cp",
        System.getProperty("java.class.path"),
        "io.galerne.bench.JlamaBenchmark",
        model.toString(),
        String.valueOf(threads),
        String.valueOf(Measurement.Work.PROMPT_TOKENS),
        String.valueOf(Measurement.Work.DECODE_TOKENS),
        "1");
  }
}

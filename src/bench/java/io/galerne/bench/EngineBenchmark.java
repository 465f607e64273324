package io.galerne.bench;

import static java.util.Objects.requireNonNull;

import io.galerne.bench.Measurement.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures our engine and the peers that this machine has, turn by turn, and prints the medians and
 * their ratios. Absolute figures of two runs can't be compared; the ratios of one run can.
 */
final class EngineBenchmark {
  private final List<Peer> peers;
  private final List<Measurement> measurements = new ArrayList<>();

  private final ModelCost model;
  private final Map<Integer, MachineLimits> limits = new LinkedHashMap<>();

  private EngineBenchmark(List<Peer> peers, ModelCost model) {
    this.peers = peers;
    this.model = model;
  }

  static void run(Path weights, int rounds, String llamaCpp, String jlamaModel, Path result)
      throws IOException {
    List<Peer> peers = new ArrayList<>(List.of(new GalernePeer(weights)));
    LlamaCppPeer.find(llamaCpp, weights).ifPresent(peers::add);
    JlamaPeer.find(jlamaModel).ifPresent(peers::add);
    var benchmark = new EngineBenchmark(peers, ModelCost.of(weights));
    List<Work> works = works(Runtime.getRuntime().availableProcessors());
    works.forEach(work -> benchmark.limits.computeIfAbsent(work.threads(), MachineLimits::measure));
    for (int round = 1; round <= rounds; round++) {
      System.out.printf("round %d of %d%n", round, rounds);
      works.forEach(benchmark::measure);
    }
    peers.forEach(Peer::close);
    System.out.println(benchmark.table(works));
    Files.writeString(result, benchmark.json(works));
  }

  private static List<Work> works(int processors) {
    List<Work> works = new ArrayList<>();
    for (int threads : threads(processors)) {
      works.add(Work.prompt(threads));
      for (int streams : numbers("bench.streams", "1,8,32")) {
        works.add(new Work(threads, streams));
      }
    }
    return works;
  }

  /** What {@code bench.threads} asks for and the machine has. */
  static int[] threads(int processors) {
    return IntStream.of(numbers("bench.threads", "1,2"))
        .filter(threads -> threads <= processors)
        .toArray();
  }

  private static int[] numbers(String property, String otherwise) {
    return Stream.of(System.getProperty(property, otherwise).split(","))
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  private void measure(Work work) {
    for (Peer peer : peers) {
      for (Measurement measurement : peer.measure(work)) {
        measurements.add(measurement);
        System.out.printf(
            "  %d threads, %s, %s: %.1f tokens/s%n",
            work.threads(), work.title(), peer.name(), measurement.tokensPerSecond());
      }
    }
  }

  private OptionalDouble median(Peer peer, Work work) {
    double[] rates =
        measurements.stream()
            .filter(m -> m.engine().equals(peer.name()) && m.work().equals(work))
            .mapToDouble(Measurement::tokensPerSecond)
            .sorted()
            .toArray();
    return rates.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Arrays.stream(rates).skip(rates.length / 2).findFirst().orElseThrow());
  }

  private String table(List<Work> works) {
    StringBuilder table =
        new StringBuilder("tokens/s, median of rounds; ratio = ours / theirs\n\n");
    table.append("| threads | work |");
    peers.forEach(peer -> table.append(' ').append(peer.name()).append(" |"));
    peers.stream().skip(1).forEach(peer -> table.append(" / ").append(peer.name()).append(" |"));
    table.append(" of the limit |\n|---|---|");
    table.append("---|".repeat(2 * peers.size())).append('\n');
    for (Work work : works) {
      table.append("| %d | %s |".formatted(work.threads(), work.title()));
      for (Peer peer : peers) {
        table.append(cell(median(peer, work), "%.0f"));
      }
      double ours = median(peers.getFirst(), work).orElseThrow();
      for (Peer peer : peers.subList(1, peers.size())) {
        OptionalDouble theirs = median(peer, work);
        table.append(
            cell(
                theirs.isPresent()
                    ? OptionalDouble.of(ours / theirs.getAsDouble())
                    : OptionalDouble.empty(),
                "%.2f"));
      }
      double limit = model.limit(requireNonNull(limits.get(work.threads())), work);
      table.append(" %.0f %% of %.0f |\n".formatted(100 * ours / limit, limit));
    }
    limits.forEach(
        (threads, limit) ->
            table.append(
                "%n%d threads: %.1f GB/s from memory, %.0f GFLOP/s in 32 bits"
                    .formatted(
                        threads, limit.bytesPerSecond() / 1e9, limit.flopsPerSecond() / 1e9)));
    return table.append('\n').toString();
  }

  private static String cell(OptionalDouble value, String format) {
    return value.isPresent() ? " " + format.formatted(value.getAsDouble()) + " |" : " – |";
  }

  private String json(List<Work> works) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Work work : works) {
      for (Peer peer : peers) {
        median(peer, work)
            .ifPresent(
                rate -> {
                  Map<String, Object> row = new LinkedHashMap<>();
                  row.put("engine", peer.name());
                  row.put("threads", work.threads());
                  row.put("work", work.title());
                  row.put("tokensPerSecond", rate);
                  rows.add(row);
                });
      }
    }
    return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(rows);
  }
}

package io.galerne.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/**
 * Eight clients that stream answers at once, from the whole of Galerne (keys, limits, policies,
 * ledger) and from {@code llama-server}, turn by turn in one run. No two prompts begin alike.
 */
final class HttpBenchmark {
  private static final int CLIENTS = 8;
  private static final int ANSWERS = 3;
  private static final int TOKENS = 128;
  private static final int WARM_UPS = 2;
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final String QUESTION =
      "Write about the harbour, its ships and the people who work there, about the weather of the"
          + " coast in every season, and about what a visitor should see in two days if it rains.";

  private record Round(double tokensPerSecond, double firstMedian, double firstLast) {}

  private record Peer(String name, ServerProcess server, String key, String model, String more) {}

  private final AtomicInteger asked = new AtomicInteger();

  private HttpBenchmark() {}

  static void run(Path weights, int rounds, String llamaCpp, Path results)
      throws IOException, InterruptedException {
    Path data = Files.createTempDirectory(results, "http-");
    int theirPort = ServerProcess.freePort();
    int threads = Runtime.getRuntime().availableProcessors();
    List<String> theirs =
        List.of(
            Path.of(llamaCpp, "llama-server").toString(),
            "--model",
            weights.toAbsolutePath().toString(),
            "--threads",
            String.valueOf(threads),
            "--parallel",
            String.valueOf(CLIENTS),
            "--ctx-size",
            String.valueOf(CLIENTS * 1024),
            "--port",
            String.valueOf(theirPort));
    HttpBenchmark benchmark = new HttpBenchmark();
    try (ServerProcess galerne = ServerProcess.galerne(results, data);
        ServerProcess llamaServer =
            ServerProcess.start(theirs, theirPort, results.resolve("llama-server.log"))) {
      Path key = data.resolve("demo-key");
      await(() -> Files.exists(key));
      List<Peer> peers =
          List.of(
              new Peer(
                  "Galerne",
                  galerne,
                  Files.readString(key).strip(),
                  "mistral-small",
                  "\"min_tokens\":" + TOKENS),
              new Peer("llama-server", llamaServer, "none", "any", "\"ignore_eos\":true"));
      for (Peer peer : peers) {
        await(() -> benchmark.answers(peer));
      }
      report(benchmark.measure(peers, rounds), peers, results.resolve("http.json"), threads);
    }
  }

  private List<List<Round>> measure(List<Peer> peers, int rounds) throws InterruptedException {
    List<List<Round>> measured = List.of(new ArrayList<>(), new ArrayList<>());
    for (int round = -WARM_UPS; round < rounds; round++) {
      for (int i = 0; i < peers.size(); i++) {
        Round one = round(peers.get(i));
        System.out.printf(
            "%s%s: %.1f tokens/s, first token after %.0f ms (median), %.0f ms (last)%n",
            round < 0 ? "warm-up, " : "",
            peers.get(i).name(),
            one.tokensPerSecond(),
            1e3 * one.firstMedian(),
            1e3 * one.firstLast());
        if (round >= 0) {
          measured.get(i).add(one);
        }
      }
    }
    return measured;
  }

  private Round round(Peer peer) throws InterruptedException {
    List<StreamedAnswer> answers = new ArrayList<>();
    long begin = System.nanoTime();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<StreamedAnswer>>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        running.add(clients.submit(() -> askAll(peer)));
      }
      for (Future<List<StreamedAnswer>> one : running) {
        answers.addAll(one.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(peer.name() + " failed", e);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    double[] first = answers.stream().mapToDouble(StreamedAnswer::firstSeconds).sorted().toArray();
    long tokens = answers.stream().mapToLong(StreamedAnswer::tokens).sum();
    if (tokens != (long) CLIENTS * ANSWERS * TOKENS) {
      throw new IllegalStateException(peer.name() + " made " + tokens + " tokens");
    }
    return new Round(tokens / seconds, first[first.length / 2], first[first.length - 1]);
  }

  private List<StreamedAnswer> askAll(Peer peer) throws IOException, InterruptedException {
    List<StreamedAnswer> answers = new ArrayList<>();
    for (int i = 0; i < ANSWERS; i++) {
      answers.add(ask(peer, TOKENS));
    }
    return answers;
  }

  private StreamedAnswer ask(Peer peer, int tokens) throws IOException, InterruptedException {
    String body =
        "{\"model\":\"%s\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"max_tokens\":%d,%s,\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Letter %d. %s\"}]}"
            .formatted(peer.model(), tokens, peer.more(), asked.incrementAndGet(), QUESTION);
    // a connection of its own for each: llama-server closes kept ones without a word
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return StreamedAnswer.ask(client, peer.server().address(), peer.key(), body);
    }
  }

  private boolean answers(Peer peer) throws InterruptedException {
    try {
      return ask(peer, TOKENS).tokens() > 0;
    } catch (IOException e) {
      return false; // still loading
    }
  }

  private interface Condition {
    boolean holds() throws InterruptedException;
  }

  private static void await(Condition condition) throws InterruptedException {
    long begin = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - begin > LONGEST.toNanos()) {
        throw new IllegalStateException("a server doesn't start: see its log");
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private static void report(List<List<Round>> measured, List<Peer> peers, Path file, int threads)
      throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    double[] rates = new double[2];
    double[] firsts = new double[2];
    for (int i = 0; i < peers.size(); i++) {
      rates[i] = median(measured.get(i).stream().mapToDouble(Round::tokensPerSecond).toArray());
      firsts[i] = median(measured.get(i).stream().mapToDouble(Round::firstMedian).toArray());
      rows.add(
          Map.of(
              "engine",
              peers.get(i).name(),
              "threads",
              threads,
              "work",
              "HTTP, %d clients".formatted(CLIENTS),
              "tokensPerSecond",
              rates[i],
              "firstTokenSeconds",
              firsts[i]));
    }
    Files.writeString(
        file,
        JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(rows));
    System.out.printf(
        "medians: %.0f to %.0f tokens/s = %.2f; first token %.0f to %.0f ms = %.2f%n",
        rates[0],
        rates[1],
        rates[0] / rates[1],
        1e3 * firsts[0],
        1e3 * firsts[1],
        firsts[0] / firsts[1]);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}

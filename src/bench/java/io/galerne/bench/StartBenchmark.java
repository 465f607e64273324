package io.galerne.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * From {@code java -jar} to the first token that a client reads: of the packaged jar as it is and
 * after {@code galerne prepare}, on an empty data directory and on one with a database.
 */
final class StartBenchmark {
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final String QUESTION =
      "{\"model\":\"mistral-tiny\",\"stream\":true,\"max_tokens\":4,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"What is the best French cheese?\"}]}";

  private static final Pattern TOKEN = Pattern.compile("\"content\":\"[^\"]");

  private final Path results;
  private final HttpClient client = HttpClient.newHttpClient();

  private StartBenchmark(Path results) {
    this.results = results;
  }

  static void run(Path results, int rounds) throws IOException, InterruptedException {
    StartBenchmark bench = new StartBenchmark(results);
    String report = bench.measure("as packaged", rounds);
    Process prepare =
        new ProcessBuilder(
                ServerProcess.java(), "-jar", ServerProcess.jar(results).toString(), "prepare")
            .inheritIO()
            .start();
    if (prepare.waitFor() != 0) {
      throw new IOException("galerne prepare ended with " + prepare.exitValue());
    }
    report += bench.measure("after prepare", rounds);
    Files.writeString(results.resolve("start.txt"), report);
    System.out.print(report);
  }

  private String measure(String what, int rounds) throws IOException, InterruptedException {
    Path data = Files.createTempDirectory(results, "start-");
    double first = start(data);
    double[] later = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      later[i] = start(data);
    }
    Arrays.sort(later);
    return "%s: first token after %.1f s with a new database; %.1f s with an old one (median of %d, %.1f to %.1f)%n"
        .formatted(what, first, later[rounds / 2], rounds, later[0], later[rounds - 1]);
  }

  /** Seconds to the first token. */
  private double start(Path data) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    try (ServerProcess server = ServerProcess.galerne(results, data)) {
      while (!answers(server.port(), data)) {
        if (!server.process().isAlive() || System.nanoTime() - begin > LONGEST.toNanos()) {
          throw new IOException("it doesn't start, see " + results.resolve("server.log"));
        }
        TimeUnit.MILLISECONDS.sleep(10);
      }
      return (System.nanoTime() - begin) / 1e9;
    }
  }

  /** Returns after the first token. */
  private boolean answers(int port, Path data) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
              .header(
                  "Authorization", "Bearer " + Files.readString(data.resolve("demo-key")).strip())
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(QUESTION))
              .build();
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        return response.statusCode() == 200 && lines.lines().anyMatch(TOKEN.asPredicate());
      }
    } catch (IOException e) {
      return false; // nobody listens yet
    }
  }
}

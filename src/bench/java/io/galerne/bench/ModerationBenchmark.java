package io.galerne.bench;

import io.galerne.GalerneApplication;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a policy with all lexical detectors adds to the first token and to those after it: two
 * tenants, one of them without a policy, ask the same questions in turns. Each question is new to
 * the prefix cache of both.
 */
final class ModerationBenchmark {
  private static final int WARM_UP = 6;
  private static final int REQUESTS = 60;
  private static final int TOKENS = 32;
  private static final int PHRASES = 1_000;

  private final int port;
  private final HttpClient client = HttpClient.newHttpClient();
  private final JsonMapper mapper = new JsonMapper();

  private ModerationBenchmark(int port) {
    this.port = port;
  }

  /** Times of one side. */
  private static final class Times {
    private final Histogram first = new Histogram(3);
    private final Histogram perToken = new Histogram(3);
    private final Histogram gaps = new Histogram(3);

    String line(String who) {
      return ("%s: first token p50 %.1f ms, p95 %.1f ms; per token p50 %.2f ms, p95 %.2f ms;"
              + " between events p50 %.1f ms, p95 %.1f ms%n")
          .formatted(
              who,
              millis(first, 50),
              millis(first, 95),
              millis(perToken, 50),
              millis(perToken, 95),
              millis(gaps, 50),
              millis(gaps, 95));
    }

    private static double millis(Histogram nanos, double percentile) {
      return nanos.getValueAtPercentile(percentile) / 1e6;
    }
  }

  static void run(Path results) throws IOException, InterruptedException {
    Path data = Files.createTempDirectory(results, "moderation-");
    StringBuilder report = new StringBuilder();
    try (ConfigurableApplicationContext context =
        new SpringApplication(GalerneApplication.class)
            .run("--server.port=0", "--galerne.data-directory=" + data)) {
      int port =
          Integer.parseInt(
              Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port")));
      ModerationBenchmark bench = new ModerationBenchmark(port);
      String free = bench.tenant(Files.readString(data.resolve("operator-key")).strip(), false);
      String held = bench.tenant(Files.readString(data.resolve("operator-key")).strip(), true);
      Times without = new Times();
      Times with = new Times();
      for (int i = -WARM_UP; i < REQUESTS; i++) {
        boolean odd = i % 2 != 0; // neither side is always first
        bench.ask(odd ? free : held, i, odd ? without : with);
        bench.ask(odd ? held : free, i, odd ? with : without);
        if (i == -1) {
          without = new Times();
          with = new Times();
        }
      }
      report.append(without.line("without a policy")).append(with.line("with one"));
      report.append(
          "added: first token p50 %.1f ms, p95 %.1f ms; per token p95 %+.1f %%%n"
              .formatted(
                  Times.millis(with.first, 50) - Times.millis(without.first, 50),
                  Times.millis(with.first, 95) - Times.millis(without.first, 95),
                  100
                      * (Times.millis(with.perToken, 95) / Times.millis(without.perToken, 95)
                          - 1)));
    }
    Files.writeString(results.resolve("moderation.txt"), report);
    System.out.print(report);
  }

  /** A new tenant's API key. */
  private String tenant(String operator, boolean withPolicy)
      throws IOException, InterruptedException {
    String name = withPolicy ? "held" : "free";
    JsonNode made =
        admin(
            operator,
            "/organizations",
            """
            {"name": "%s", "owner": {"email": "owner@%s.example", "first_name": "O",
             "last_name": "W"}}\
            """
                .formatted(name, name));
    String key = made.get("admin_key").asString();
    if (withPolicy) {
      String id = admin(key, "/policies", policy()).get("id").asString();
      admin(key, "/policies/" + id + "/publish", "");
    }
    return admin(
            key,
            "/api-keys",
            "{\"workspace_uuid\": \"%s\", \"user_id\": \"%s\"}"
                .formatted(
                    made.get("workspace_uuid").asString(), made.get("owner_uuid").asString()))
        .get("key")
        .asString();
  }

  /** All that need nothing but the text. */
  private static String policy() {
    String phrases =
        IntStream.range(0, PHRASES)
            .mapToObj(i -> "\"forbidden phrase " + Integer.toString(i, 36) + "\"")
            .collect(Collectors.joining(", "));
    return """
    {"name": "Lexical", "rules": [
      {"id": "a", "type": "phrases", "category": "c", "action": "block", "phrases": [%s]},
      {"id": "b", "type": "regex", "category": "c", "action": "redact",
       "patterns": ["PROJ-[0-9]{4,}", "\\\\bMRN[ :-]?[0-9]{6,10}\\\\b"]},
      {"id": "d", "type": "pii", "category": "c", "action": "redact",
       "national_ids": ["BE", "ES", "FR", "GB", "IT", "US"]},
      {"id": "e", "type": "secrets", "category": "c", "action": "redact"},
      {"id": "f", "type": "injection", "category": "c", "action": "block"}]}\
    """
        .formatted(phrases);
  }

  private JsonNode admin(String key, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/admin" + path))
                .header("x-api-key", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(path + ": " + response.body());
    }
    return mapper.readTree(response.body());
  }

  private void ask(String key, int number, Times times) throws IOException, InterruptedException {
    String question =
        "Number %d. Explain in plain words how the tides of the sea come about, and why."
            .formatted(number);
    String body =
        mapper.writeValueAsString(
            Map.of(
                "model",
                "mistral-tiny",
                "temperature",
                0,
                "max_tokens",
                TOKENS,
                "stream",
                true,
                "messages",
                List.of(Map.of("role", "user", "content", question))));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    long begin = System.nanoTime();
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new IOException("the answer is " + response.statusCode());
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      note(lines, begin, times);
    }
  }

  private void note(BufferedReader lines, long begin, Times times) throws IOException {
    long first = 0;
    long last = 0;
    int tokens = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (!line.startsWith("data: {")) {
        continue;
      }
      JsonNode chunk = mapper.readTree(line.substring("data: ".length()));
      if (!chunk.at("/choices/0/delta/content").asString().isEmpty()) {
        long now = System.nanoTime();
        if (first == 0) {
          first = now;
          times.first.recordValue(now - begin);
        } else {
          times.gaps.recordValue(now - last);
        }
        last = now;
      }
      tokens = chunk.at("/usage/completion_tokens").asInt(tokens);
    }
    if (tokens > 1) {
      times.perToken.recordValue((last - first) / (tokens - 1));
    }
  }
}

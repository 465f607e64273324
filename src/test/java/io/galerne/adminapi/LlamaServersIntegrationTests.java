package io.galerne.adminapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/**
 * The llama-cpp-python server from PyPI as a tenant's backend, alone, in twos, and as two workers
 * behind Ray Serve. docs/scaling.md has the command and the figures.
 */
@Tag("nightly")
@EnabledIfSystemProperty(named = "galerne.python", matches = ".+")
class LlamaServersIntegrationTests extends AdminIntegrationTest {
  private static final String WEIGHTS = "models/smollm2-135m-instruct-q4_1.gguf";
  private static final int CLIENTS = 4;
  private static final Duration READY_MAX = Duration.ofSeconds(60);
  private static final String[] QUESTIONS = {
    "What is the capital of France?",
    "Name three colours.",
    "Write a line about the sea.",
    "How many legs has a spider?"
  };

  // uvicorn takes no upgrade to HTTP/2
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  @Autowired MeterRegistry meters;

  /** What a client saw of one request; usage is null where it was told none. */
  private record Seen(int status, String id, String text, @Nullable JsonNode usage, boolean whole) {
    int completionTokens() {
      return usage == null ? 0 : usage.get("completion_tokens").asInt();
    }
  }

  private static PythonServer llama() throws Exception {
    return PythonServer.start(
        "-m",
        "llama_cpp.server",
        "--model",
        WEIGHTS,
        "--model_alias",
        "smollm",
        "--n_threads",
        "1",
        "--n_ctx",
        "2048",
        "--interrupt_requests",
        "false",
        "--port");
  }

  private String deploy(String dialect, PythonServer... servers) {
    List<String> urls = new ArrayList<>();
    for (PythonServer server : servers) {
      urls.add('"' + server.url() + '"');
    }
    Answer created =
        post(
            operator(),
            "/v1/admin/organizations/" + own.id() + "/deployments",
            """
            {"name": "elsewhere", "model": "elsewhere", "priced_as": "mistral-tiny",
             "remote": {"urls": [%s], "model": "smollm", "dialect": "%s",
                        "vocabulary": "smollm2-135m-instruct-q4_1", "context_tokens": 2048}}
            """
                .formatted(String.join(",", urls), dialect));
    assertThat(created.status()).as(created.text()).isEqualTo(200);
    String key =
        post(
                own.key(),
                "/v1/admin/api-keys",
                "{\"workspace_uuid\": \"%s\", \"user_id\": \"%s\"}"
                    .formatted(own.workspace(), own.owner()))
            .json()
            .get("key")
            .asString();
    await().atMost(READY_MAX).until(() -> get(key, "/v1/models/elsewhere").status() == 200);
    return key;
  }

  private Seen ask(String key, String question, boolean stream, int tokens, CountDownLatch begun)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/chat/completions"))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"model": "elsewhere", "temperature": 0, "max_tokens": %d, "stream": %s,
                     "messages": [{"role": "user", "content": "%s"}]}
                    """
                        .formatted(tokens, stream, question)))
            .build();
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    String id = response.headers().firstValue("x-request-id").orElseThrow();
    if (!stream || response.statusCode() != 200) {
      String body = new String(response.body().readAllBytes(), UTF_8);
      begun.countDown();
      JsonNode json = JSON.readTree(body);
      String text = json.at("/choices/0/message/content").asString("");
      JsonNode usage = json.get("usage");
      return new Seen(response.statusCode(), id, text, usage, response.statusCode() == 200);
    }
    StringBuilder text = new StringBuilder();
    JsonNode usage = null;
    boolean whole = false;
    try (var lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("data: {")) {
          whole |= line.equals("data: [DONE]");
          continue;
        }
        JsonNode event = JSON.readTree(line.substring("data: ".length()));
        text.append(event.at("/choices/0/delta/content").asString(""));
        usage = event.hasNonNull("usage") ? event.get("usage") : usage;
        if (!text.isEmpty()) {
          begun.countDown();
        }
      }
    }
    begun.countDown();
    return new Seen(200, id, text.toString(), usage, whole && usage != null);
  }

  /** Asks so many times, a few at once, every second time as a stream. */
  private List<Seen> askTogether(String key, int requests, int tokens, Runnable afterTheFirst)
      throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    List<Future<Seen>> futures = new ArrayList<>();
    // each server answers one at a time; who waits for it hears nothing
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      for (int i = 0; i < requests; i++) {
        String question = QUESTIONS[i % QUESTIONS.length];
        boolean stream = i % 2 == 0;
        futures.add(clients.submit(() -> ask(key, question, stream, tokens, begun)));
      }
      begun.await();
      afterTheFirst.run();
    }
    List<Seen> seen = new ArrayList<>();
    for (Future<Seen> future : futures) {
      seen.add(future.get());
    }
    return seen;
  }

  private Map<String, JsonNode> ledger() {
    Map<String, JsonNode> lines = new HashMap<>();
    for (JsonNode line :
        get(own.key(), "/v1/admin/usage/requests?page_size=100").json().get("data")) {
      lines.put(line.get("request_id").asString().replace("-", ""), line);
    }
    return lines;
  }

  /** Each whole answer's line has what the client was told. */
  private void assertBilledAsTold(List<Seen> answers) {
    Map<String, JsonNode> lines = ledger();
    for (Seen seen : answers) {
      if (!seen.whole()) {
        continue;
      }
      JsonNode line = lines.get(seen.id());
      assertThat(line).as("the line of %s", seen).isNotNull();
      assertThat(requireNonNull(line).get("completion_tokens").asInt())
          .isEqualTo(seen.completionTokens());
      assertThat(line.get("prompt_tokens").asInt())
          .isEqualTo(requireNonNull(seen.usage()).get("prompt_tokens").asInt());
    }
  }

  private double checks(String outcome) {
    return meters
        .find("galerne.backend.usage.checks")
        .tag("outcome", outcome)
        .functionCounters()
        .stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  @Test
  void aloneItAnswersAndIsBilledByTheToken() throws Exception {
    PythonServer.require("llama_cpp.server");
    try (PythonServer server = llama()) {
      String key = deploy("llama_cpp", server);
      long started = System.nanoTime();
      List<Seen> answers = askTogether(key, 12, 32, () -> {});
      Duration took = Duration.ofNanos(System.nanoTime() - started);

      assertThat(answers).allMatch(seen -> seen.status() == 200 && seen.whole());
      assertThat(answers).allSatisfy(seen -> assertThat(seen.completionTokens()).isBetween(1, 32));
      assertBilledAsTold(answers);
      assertSameWhetherStreamedOrNot(key);
      report("one server", answers, took);
    }
  }

  private void assertSameWhetherStreamedOrNot(String key) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Seen streamed = ask(key, QUESTIONS[0], true, 24, begun);
    Seen whole = ask(key, QUESTIONS[0], false, 24, begun);
    assertThat(streamed.text()).isNotEmpty().isEqualTo(whole.text());
    assertThat(streamed.completionTokens()).isEqualTo(whole.completionTokens());
  }

  @Test
  void ofTwoOneIsKilledAndOnlyBegunAnswersAreLost() throws Exception {
    PythonServer.require("llama_cpp.server");
    try (PythonServer one = llama();
        PythonServer other = llama()) {
      String key = deploy("llama_cpp", one, other);
      long started = System.nanoTime();
      List<Seen> answers = askTogether(key, 8, 128, one::kill);
      Duration took = Duration.ofNanos(System.nanoTime() - started);

      List<Seen> lost = answers.stream().filter(seen -> !seen.whole()).toList();
      // each server answers one request at a time: what had not begun went to the other
      assertThat(lost).hasSizeLessThanOrEqualTo(1);
      assertBilledAsTold(answers);
      List<Seen> after = askTogether(key, 6, 16, () -> {});
      assertThat(after).allMatch(Seen::whole);
      assertBilledAsTold(after);
      assertThat(ledger()).hasSize(answers.size() + after.size());
      report("one of two killed, " + lost.size() + " lost", answers, took);
    }
  }

  @Test
  void twoWorkersBehindRayServeShareTheWork() throws Exception {
    PythonServer.require("llama_cpp", "ray.serve", "fastapi");
    try (PythonServer ray = PythonServer.start("src/test/fixtures/ray_llama.py", WEIGHTS)) {
      String key = deploy("openai", ray);
      Set<Long> workers = workers(ray);
      assertThat(workers).hasSize(2);
      double agreed = checks("agreed");
      long started = System.nanoTime();
      List<Seen> answers = askTogether(key, 12, 32, () -> {});
      Duration took = Duration.ofNanos(System.nanoTime() - started);
      assertThat(answers).allMatch(Seen::whole);
      assertBilledAsTold(answers);
      assertThat(checks("agreed") - agreed).isEqualTo(answers.size());
      assertSameWhetherStreamedOrNot(key);
      report("two workers behind Ray Serve", answers, took);

      long killed = workers.iterator().next();
      assertThat(ProcessHandle.of(killed).orElseThrow().destroyForcibly()).isTrue();
      List<Seen> after = askTogether(key, 8, 16, () -> {});
      assertBilledAsTold(after);
      await()
          .atMost(READY_MAX)
          .until(() -> workers(ray).size() == 2 && !workers(ray).contains(killed));
      List<Seen> again = askTogether(key, 8, 16, () -> {});
      assertThat(again).allMatch(Seen::whole);
      assertBilledAsTold(again);
      long lost = after.stream().filter(seen -> !seen.whole()).count();
      report("a worker of Ray killed, " + lost + " of 8 lost", again, Duration.ZERO);
    }
  }

  /** Which processes answer, asked a few times. */
  private Set<Long> workers(PythonServer ray) throws Exception {
    Set<Long> workers = new TreeSet<>();
    for (int i = 0; i < 24 && workers.size() < 2; i++) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(ray.url() + "/chat/completions"))
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      """
                      {"stream": true, "max_tokens": 1,
                       "messages": [{"role": "user", "content": "Hi"}]}
                      """))
              .build();
      HttpResponse<String> answered = client.send(request, HttpResponse.BodyHandlers.ofString());
      answered.headers().firstValueAsLong("x-worker").ifPresent(workers::add);
    }
    return workers;
  }

  private void report(String what, List<Seen> answers, Duration took) {
    int tokens = answers.stream().mapToInt(Seen::completionTokens).sum();
    System.out.printf(
        "llama: %s: %d requests, %d whole, %d tokens in %.1f s; usage agreed %.0f, disputed %.0f,"
            + " untold %.0f%n",
        what,
        answers.size(),
        answers.stream().filter(Seen::whole).count(),
        tokens,
        took.toMillis() / 1000.0,
        checks("agreed"),
        checks("disputed"),
        checks("untold"));
  }
}

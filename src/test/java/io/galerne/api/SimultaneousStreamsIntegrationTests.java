package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.GalerneApplication;
import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.TenantRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Many clients at once, on the whole application: everybody gets the answer they get alone. */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestDatabase.class)
class SimultaneousStreamsIntegrationTests {
  private static final int STREAMS = 20;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private record Streamed(String text, int promptTokens, int completionTokens) {}

  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;
  @Autowired TenantTransactions transactions;
  @Autowired JdbcClient jdbc;

  private final UUID tenant = UUID.randomUUID();
  private final HttpClient client = HttpClient.newHttpClient();
  private String key = "";

  @BeforeEach
  void issueAKey() {
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "Many");
    registry.registerWorkspace(tenant, workspace, "Many");
    key = keys.issue(tenant, workspace, "many", null).secret();
  }

  @Test
  void everybodyGetsTheAnswerTheyGetAloneAndTheLedgerKnowsEachOnce() throws Exception {
    List<Streamed> alone = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      alone.add(stream(i));
    }
    assertThat(alone.stream().map(Streamed::text).distinct()).hasSizeGreaterThan(STREAMS / 2);

    List<Streamed> together = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Streamed>> answers =
          threads.invokeAll(
              IntStream.range(0, STREAMS)
                  .mapToObj(i -> (Callable<Streamed>) () -> stream(i))
                  .toList());
      for (Future<Streamed> answer : answers) {
        together.add(answer.get());
      }
    }

    assertThat(together).isEqualTo(alone);
    List<String> seen = new ArrayList<>();
    for (Streamed answer : together) {
      String tokens = answer.promptTokens() + "+" + answer.completionTokens();
      seen.addAll(List.of(tokens, tokens));
    }
    assertThat(ledger()).containsExactlyInAnyOrderElementsOf(seen);
  }

  /** Even requests are greedy, odd ones draw with a seed of their own. */
  private Streamed stream(int i) throws IOException, InterruptedException {
    String body =
        """
        {"model": "mistral-small-latest", "stream": true, "max_tokens": %d,
         "temperature": %s, "random_seed": %d,
         "messages": [{"role": "user", "content": "Tell me %d facts about the number %d."}]}
        """
            .formatted(16 + i, i % 2 == 0 ? "0" : "0.9", i, i + 1, i * 7);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
            .timeout(Duration.ofMinutes(2))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).endsWith("data: [DONE]\n\n");
    return read(response.body());
  }

  private static Streamed read(String events) {
    StringBuilder text = new StringBuilder();
    JsonNode usage = JSON.createObjectNode();
    for (String line : events.lines().filter(l -> l.startsWith("data: {")).toList()) {
      JsonNode chunk = JSON.readTree(line.substring("data: ".length()));
      text.append(chunk.at("/choices/0/delta/content").asString());
      usage = chunk.has("usage") ? chunk.get("usage") : usage;
    }
    assertThat(usage.isEmpty()).as("the last chunk tells the usage").isFalse();
    return new Streamed(
        text.toString(),
        usage.get("prompt_tokens").intValue(),
        usage.get("completion_tokens").intValue());
  }

  private List<String> ledger() {
    return transactions.inTenant(
        tenant,
        () ->
            jdbc.sql("select prompt_tokens || '+' || completion_tokens from usage_event")
                .query(String.class)
                .list());
  }
}

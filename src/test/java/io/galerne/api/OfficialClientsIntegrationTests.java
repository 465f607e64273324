package io.galerne.api;

import static io.galerne.api.ClientPackages.Platform.JAVA;
import static io.galerne.api.ClientPackages.Platform.NODE;
import static io.galerne.api.ClientPackages.Platform.PYTHON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.galerne.GalerneApplication;
import io.galerne.api.ClientPackages.Platform;
import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.TenantRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The clients that people use, unmodified, against the whole application: real weights, a real
 * database and real keys. What the clients were told of tokens must stand in the ledger.
 */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestDatabase.class)
class OfficialClientsIntegrationTests {
  /** What a client is made to do, and which of its answers it tells the tokens of. */
  record Client(String name, Platform platform, String script, Journeys journeys) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * @param usages lines that tell the tokens of an answer
   */
  record Journeys(List<String> checks, int usages) {}

  private static final List<String> COMMON =
      List.of(
          "check complete",
          "check stream",
          "check schema",
          "check tools",
          "check embeddings",
          "check unauthorized",
          "check unknown model");
  private static final List<String> LISTING = and(COMMON, "check list");
  private static final List<String> ALL =
      and(LISTING, "check retrieve", "check embeddings refused", "check validation");
  private static final List<String> ASYNC =
      and(ALL, "check async complete", "check async stream", "check async embeddings");

  /**
   * An answer, its stream, a schema, a call, the answer to its result, embeddings; the older tests
   * also stream a call, and those of OpenAI embed twice.
   */
  private static final List<Client> CLIENTS =
      List.of(
          new Client("mistral-typescript", NODE, "mistral.mjs", new Journeys(ALL, 7)),
          new Client("mistral-typescript-1", NODE, "mistral.mjs", new Journeys(ALL, 7)),
          new Client("mistral-typescript-0", NODE, "mistral-0.mjs", new Journeys(LISTING, 6)),
          new Client("openai-node", NODE, "openai.mjs", new Journeys(ALL, 8)),
          new Client("ai-sdk", NODE, "ai-sdk.mjs", new Journeys(COMMON, 6)),
          new Client("mistral-python", PYTHON, "mistral.py", new Journeys(ASYNC, 10)),
          new Client("mistral-python-2", PYTHON, "mistral.py", new Journeys(ASYNC, 10)),
          new Client("mistral-python-1", PYTHON, "mistral.py", new Journeys(ASYNC, 10)),
          new Client("mistral-python-0", PYTHON, "mistral_0.py", new Journeys(LISTING, 6)),
          new Client("openai-python", PYTHON, "openai_python.py", new Journeys(ASYNC, 11)),
          new Client("langchain", PYTHON, "langchain_mistral.py", new Journeys(COMMON, 5)),
          new Client("litellm", PYTHON, "litellm_mistral.py", new Journeys(COMMON, 6)),
          new Client("langchain4j", JAVA, "LangChain4jClient.java", new Journeys(COMMON, 6)),
          new Client("spring-ai", JAVA, "SpringAiClient.java", new Journeys(COMMON, 6)));

  private static final ExecutorService RUNNERS = Executors.newFixedThreadPool(3);

  /** What a client did, and for whom. */
  private record Run(UUID tenant, Future<ClientPackages.Result> result) {}

  private static final Map<Client, Run> RUNS = new HashMap<>();

  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;
  @Autowired TenantTransactions transactions;
  @Autowired JdbcClient jdbc;

  /** All are begun at once: much of their time goes into fetching packages and into waiting. */
  @BeforeEach
  void begin() {
    if (RUNS.isEmpty()) {
      for (Client client : CLIENTS) {
        if (client.platform.lack().isEmpty()) {
          UUID tenant = UUID.randomUUID();
          Map<String, String> environment =
              Map.of("GALERNE_URL", "http://127.0.0.1:" + port, "GALERNE_KEY", issue(tenant));
          RUNS.put(
              client,
              new Run(
                  tenant,
                  RUNNERS.submit(
                      () ->
                          new ClientPackages(client.name, client.platform)
                              .run(client.script, environment))));
        }
      }
    }
  }

  private String issue(UUID to) {
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(to, "Clients");
    registry.registerWorkspace(to, workspace, "Clients");
    return keys.issue(to, workspace, "clients", null).secret();
  }

  @AfterAll
  static void stop() {
    RUNNERS.shutdownNow();
    RUNS.clear();
  }

  static List<Client> clients() {
    return CLIENTS;
  }

  @ParameterizedTest
  @MethodSource("clients")
  void workUnmodified(Client client) throws Exception {
    Run run = RUNS.get(client);
    if (run == null) {
      abort(client.platform.lack());
    }
    ClientPackages.Result result = run.result.get();

    assertThat(result.exit()).as(result.output()).isZero();
    List<String> lines = result.output().lines().toList();
    assertThat(lines).containsAll(client.journeys.checks);
    assertThat(lines.stream().filter(line -> line.startsWith("answer ")).map(this::text))
        .as("what the API answers at temperature 0")
        .containsExactly(answer());
    List<String> usages = lines.stream().filter(line -> line.startsWith("usage ")).toList();
    assertThat(usages).hasSize(client.journeys.usages);
    // A line "unseen" stands for an answer whose tokens the client doesn't pass on.
    List<String> ledger = new ArrayList<>(ledger(run.tenant));
    usages.forEach(
        usage -> assertThat(ledger.remove(usage)).as("%s in the ledger", usage).isTrue());
    assertThat(ledger).hasSize((int) lines.stream().filter("unseen"::equals).count());
  }

  private static List<String> and(List<String> checks, String... more) {
    List<String> all = new ArrayList<>(checks);
    all.addAll(List.of(more));
    return List.copyOf(all);
  }

  private String text(String line) {
    return JsonMapper.shared().readTree(line.substring("answer ".length())).stringValue();
  }

  /** The answer to the question that all clients ask, as the API gives it to another tenant. */
  private String answer() {
    UUID other = UUID.randomUUID();
    JsonNode response =
        RestClient.create("http://127.0.0.1:" + port)
            .post()
            .uri("/v1/chat/completions")
            .headers(headers -> headers.setBearerAuth(issue(other)))
            .contentType(MediaType.APPLICATION_JSON)
            .body(
                """
                {"model": "mistral-small-latest", "temperature": 0, "max_tokens": 16,
                 "messages": [{"role": "user", "content": "What is the capital of France?"}]}
                """)
            .retrieve()
            .requiredBody(JsonNode.class);
    return response.at("/choices/0/message/content").stringValue();
  }

  private List<String> ledger(UUID tenant) {
    return transactions.inTenant(
        tenant,
        () ->
            jdbc.sql("select prompt_tokens, completion_tokens from usage_event")
                .query((row, _) -> "usage " + row.getInt(1) + " " + row.getInt(2))
                .list());
  }
}

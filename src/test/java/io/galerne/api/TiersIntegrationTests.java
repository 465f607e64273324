package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.GalerneApplication;
import io.galerne.database.TestDatabase;
import io.galerne.engine.TinyMistral;
import io.galerne.engine.gguf.GgmlType;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.TenantRegistry;
import io.galerne.launch.Terminal;
import io.galerne.models.ModelsCommand;
import io.galerne.store.StoreFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tiers on models laid out as Mistral's and Mixtral's, chosen in {@code config/} alone: some by
 * their files, one by the id under which {@code galerne models add} put it into the store.
 */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "spring.config.additional-location=file:target/tiers/config/")
@Import(TestDatabase.class)
class TiersIntegrationTests {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path FOLDER = Path.of("target", "tiers");
  private static final String QUESTION = "Who are you?";
  private static final String LONG = "On the other hand, what is that in the water? ".repeat(4);
  private static final int WINDOW = 24;
  private static final byte[] MISTRAL = TinyMistral.v3(GgmlType.Q8_0, 7).toByteArray();
  private static final byte[] MIXTRAL = TinyMistral.mixture(GgmlType.Q8_0, 87, true).toByteArray();

  /** Files that the catalogue names directly, by the id of their weights. */
  private static final Map<String, byte[]> FILES =
      Map.of(
          "mistral-7b", MISTRAL,
          "spelled", MISTRAL,
          "mixtral-old", TinyMistral.mixture(GgmlType.Q8_0, 87, false).toByteArray(),
          "full", TinyMistral.v1(GgmlType.F32, 1).toByteArray(),
          "windowed", TinyMistral.v1(GgmlType.F32, 1).toByteArray(),
          "keyed",
              TinyMistral.v1(GgmlType.F32, 1)
                  .u32("llama.attention.sliding_window", WINDOW)
                  .toByteArray(),
          "bare", TinyMistral.v1(GgmlType.F32, 1).without("tokenizer.chat_template").toByteArray());

  static {
    install();
  }

  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;

  private final UUID tenant = UUID.randomUUID();
  private final HttpClient client = HttpClient.newHttpClient();
  private String key = "";

  private static void install() {
    Path store = FOLDER.resolve("store");
    try {
      Files.createDirectories(FOLDER.resolve("config"));
      for (Map.Entry<String, byte[]> file : FILES.entrySet()) {
        Files.write(FOLDER.resolve(file.getKey() + ".gguf"), file.getValue());
      }
      Path mixtral = Files.write(FOLDER.resolve("mixtral.gguf"), MIXTRAL);
      Files.writeString(FOLDER.resolve("config").resolve("application.yaml"), catalog());
      System.setProperty("galerne.catalog.store", store.toString());
      ModelsCommand.run(Terminal.standard(), "remove", "mixtral-8x7b"); // of an earlier run
      int exit =
          ModelsCommand.run(
              Terminal.standard(),
              "add",
              mixtral.toString(),
              "--id=mixtral-8x7b",
              "--licence=Apache-2.0",
              "--sha256=" + StoreFixture.sha256(MIXTRAL));
      assertThat(exit).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      System.clearProperty("galerne.catalog.store");
    }
  }

  private static String catalog() {
    return """
    galerne:
      engine:
        threads: 1
        kv-memory: 8MB
        sequences-max: 4
      catalog:
        store: target/tiers/store
        weights:
    """
        + weights("mistral-7b", "")
        + weights("mixtral-old", "")
        + weights("full", "")
        + weights("windowed", "sliding-window: " + WINDOW)
        + weights("keyed", "")
        + weights("bare", "")
        + weights("spelled", "prompt-format: mistral-v1")
        + """
              - id: spare
                file: target/tiers/nothing.gguf
            models:
        """
        + model("open-mistral-7b", "mistral-tiny", "mistral-7b")
        + model("open-mixtral-8x7b", "mistral-small", "mixtral-8x7b")
        + model("mixtral-old", "", "mixtral-old")
        + model("full", "", "full")
        + model("windowed", "", "windowed")
        + model("keyed", "", "keyed")
        + model("bare", "", "bare")
        + model("spelled", "", "spelled");
  }

  private static String weights(String id, String setting) {
    byte[] file = Objects.requireNonNull(FILES.get(id));
    return """
          - id: %1$s
            file: target/tiers/%1$s.gguf
            sha256: %2$s
            licence: Apache-2.0
            source: the test
            %3$s
    """
        .formatted(id, StoreFixture.sha256(file), setting);
  }

  private static String model(String id, String alias, String weights) {
    return """
          - id: %s
            aliases: [%s]
            description: A tier.
            weights: %s
            capabilities: [completion-chat]
            owned-by: galerne
            created: 2023-12-11
    """
        .formatted(id, alias, weights);
  }

  @BeforeEach
  void issueAKey() {
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "Tiers");
    registry.registerWorkspace(tenant, workspace, "Tiers");
    key = keys.issue(tenant, workspace, "tiers", null).secret();
  }

  @Test
  void everyNameSaysWhatReallyServesIt() throws Exception {
    assertThat(description("mistral-tiny"))
        .contains("Tiny Mistral (llama, Q8_0", "weights mistral-7b", StoreFixture.sha256(MISTRAL))
        .doesNotContain("active");
    assertThat(description("mistral-small"))
        .contains("Tiny Mixtral (llama, Q8_0", "weights mixtral-8x7b")
        .contains("active for each token", StoreFixture.sha256(MIXTRAL));
  }

  @Test
  void eachTierAnswersWithItsOwnWeights() throws Exception {
    String tiny = answer("mistral-tiny", QUESTION);
    String small = answer("mistral-small", QUESTION);

    assertThat(tiny).isNotEmpty().isEqualTo(answer("open-mistral-7b", QUESTION));
    assertThat(small).isNotEmpty().isEqualTo(answer("open-mixtral-8x7b", QUESTION));
    assertThat(tiny).isNotEqualTo(small);
  }

  @Test
  void bothLayoutsOfAMixtureAnswerAlike() throws Exception {
    assertThat(answer("mistral-small", QUESTION)).isEqualTo(answer("mixtral-old", QUESTION));
  }

  /** Marks are one token each where the vocabulary has them, and spelled where it doesn't. */
  @Test
  void thePromptFormatIsThatOfTheFile() throws Exception {
    // <s> [INST] _ W h o _a re _ y o u ? [/INST]
    assertThat(promptTokens("mistral-tiny")).isEqualTo(14);
    // <s> _ [ INST ] _ W h o _a re _ y o u ? _ [ / INST ]
    assertThat(promptTokens("mistral-small")).isEqualTo(21);
  }

  @Test
  void aFileWithoutATemplateAnswersLikeOneWithIt() throws Exception {
    assertThat(answer("bare", QUESTION)).isEqualTo(answer("full", QUESTION));
  }

  @Test
  void theCatalogueMayNameAnotherFormat() throws Exception {
    assertThat(promptTokens("spelled")).isEqualTo(21);
  }

  @Test
  void theCataloguesWindowIsTheOneThatAFileWouldState() throws Exception {
    assertThat(answer("windowed", LONG)).isEqualTo(answer("keyed", LONG));
    assertThat(answer("windowed", LONG)).isNotEqualTo(answer("full", LONG));
    assertThat(answer("windowed", "a")).as("shorter").isEqualTo(answer("full", "a"));
  }

  private String description(String model) throws Exception {
    for (JsonNode entry : send(request("/v1/models").GET()).path("data")) {
      if (entry.path("id").asString().equals(model)) {
        return entry.path("description").asString();
      }
    }
    throw new AssertionError("no model " + model);
  }

  private String answer(String model, String question) throws Exception {
    return complete(model, question).at("/choices/0/message/content").asString();
  }

  private int promptTokens(String model) throws Exception {
    return complete(model, QUESTION).at("/usage/prompt_tokens").asInt();
  }

  private JsonNode complete(String model, String question) throws Exception {
    String body =
        """
        {"model": "%s", "temperature": 0, "max_tokens": 8,
         "messages": [{"role": "user", "content": "%s"}]}
        """
            .formatted(model, question);
    HttpRequest.Builder request =
        request("/v1/chat/completions")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return send(request);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofMinutes(1))
        .header("Authorization", "Bearer " + key);
  }

  private JsonNode send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }
}

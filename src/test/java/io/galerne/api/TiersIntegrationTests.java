package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.GalerneApplication;
import io.galerne.database.TestDatabase;
import io.galerne.engine.TinyModel;
import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufWriter;
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
 * Two tiers on two models, chosen in {@code config/} alone: one by its file, the other by the id
 * under which {@code galerne models add} put it into the store.
 */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "spring.config.additional-location=file:target/tiers/config/")
@Import(TestDatabase.class)
class TiersIntegrationTests {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path FOLDER = Path.of("target", "tiers");
  private static final byte[] MISTRAL = mistral().toByteArray();
  private static final byte[] MIXTRAL = mixtral().toByteArray();

  static {
    install();
  }

  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;

  private final UUID tenant = UUID.randomUUID();
  private final HttpClient client = HttpClient.newHttpClient();
  private String key = "";

  /** Mistral 7B in small: grouped queries. */
  private static GgufWriter mistral() {
    return TinyModel.writer(GgmlType.Q8_0, 7).string("general.name", "Tiny Mistral");
  }

  /** The place of Mixtral 8x7B in small. */
  private static GgufWriter mixtral() {
    return TinyModel.writer(GgmlType.F32, 87).string("general.name", "Tiny Mixtral");
  }

  private static void install() {
    Path store = FOLDER.resolve("store");
    try {
      Files.createDirectories(FOLDER.resolve("config"));
      Files.write(FOLDER.resolve("mistral.gguf"), MISTRAL);
      Path mixtral = Files.write(FOLDER.resolve("mixtral.gguf"), MIXTRAL);
      Files.writeString(
          FOLDER.resolve("config").resolve("application.yaml"),
          """
          galerne:
            catalog:
              store: target/tiers/store
              weights:
                - id: mistral-7b
                  file: target/tiers/mistral.gguf
                  sha256: %s
                  licence: Apache-2.0
                  source: the test
                  threads: 1
                  kv-memory: 8MB
                  sequences-max: 4
                - id: spare
                  file: target/tiers/nothing.gguf
              models:
                - id: open-mistral-7b
                  aliases: [mistral-tiny]
                  description: The smallest tier.
                  weights: mistral-7b
                  capabilities: [completion-chat]
                  owned-by: galerne
                  created: 2023-12-11
                - id: open-mixtral-8x7b
                  aliases: [mistral-small]
                  description: The small tier.
                  weights: mixtral-8x7b
                  capabilities: [completion-chat]
                  owned-by: galerne
                  created: 2023-12-11
          """
              .formatted(StoreFixture.sha256(MISTRAL)));
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
        .contains("Tiny Mistral (llama, Q8_0", "weights mistral-7b", StoreFixture.sha256(MISTRAL));
    assertThat(description("mistral-small"))
        .contains("Tiny Mixtral (llama, F32", "weights mixtral-8x7b", StoreFixture.sha256(MIXTRAL));
  }

  @Test
  void eachTierAnswersWithItsOwnWeights() throws Exception {
    String tiny = answer("mistral-tiny");
    String small = answer("mistral-small");

    assertThat(tiny).isNotEmpty().isEqualTo(answer("open-mistral-7b"));
    assertThat(small).isNotEmpty().isEqualTo(answer("open-mixtral-8x7b"));
    assertThat(tiny).isNotEqualTo(small);
  }

  private String description(String model) throws Exception {
    for (JsonNode entry : send(request("/v1/models").GET()).path("data")) {
      if (entry.path("id").asString().equals(model)) {
        return entry.path("description").asString();
      }
    }
    throw new AssertionError("no model " + model);
  }

  private String answer(String model) throws Exception {
    String body =
        """
        {"model": "%s", "temperature": 0, "max_tokens": 24,
         "messages": [{"role": "user", "content": "Who are you?"}]}
        """
            .formatted(model);
    HttpRequest.Builder request =
        request("/v1/chat/completions")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return send(request).at("/choices/0/message/content").asString();
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

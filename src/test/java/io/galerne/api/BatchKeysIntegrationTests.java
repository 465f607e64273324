package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.GalerneApplication;
import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.TenantRegistry;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** A key's scope and caps hold for the lines of its batches as for its requests. */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestDatabase.class)
class BatchKeysIntegrationTests {
  private static final String CHAT = "/v1/chat/completions";

  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;
  @Autowired TenantTransactions transactions;
  @Autowired JdbcClient jdbc;

  private final UUID tenant = UUID.randomUUID();
  private final UUID workspace = UUID.randomUUID();

  @BeforeEach
  void register() {
    registry.registerTenant(tenant, "Batch");
    registry.registerWorkspace(tenant, workspace, "Batch");
  }

  /** A client whose key has these columns, set before its first use. */
  private BatchClient keyWith(String columns) {
    var issued = keys.issue(tenant, workspace, "narrow", null);
    transactions.runInTenant(
        tenant,
        () ->
            jdbc.sql("update api_key set " + columns + " where id = ?")
                .param(issued.id())
                .update());
    return new BatchClient(port, issued.secret());
  }

  private static String line(String id, String model) {
    return "{\"custom_id\":\"%s\",\"body\":{\"model\":\"%s\",\"max_tokens\":2,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}}"
        .formatted(id, model);
  }

  private static String job(String endpoint, String model, String... lines) {
    return "{\"endpoint\":\"%s\",\"model\":\"%s\",\"requests\":[%s]}"
        .formatted(endpoint, model, String.join(",", lines));
  }

  @Test
  void aModelThatTheKeyIsNotForIsRefusedLineByLine() throws Exception {
    BatchClient client = keyWith("models = '{mistral-tiny}'");
    BatchClient.Answer refused =
        client.post("/v1/batch/jobs", job(CHAT, "mistral-small", line("a", "mistral-tiny")));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.json().path("type").asString()).isEqualTo("model_not_allowed");
    String id =
        client
            .post(
                "/v1/batch/jobs",
                job(CHAT, "mistral-tiny", line("a", "mistral-tiny"), line("b", "mistral-small")))
            .ok()
            .path("id")
            .asString();

    JsonNode done = client.await(id, "SUCCESS");

    assertThat(done.path("succeeded_requests").asInt()).isEqualTo(1);
    List<JsonNode> failures = client.lines(done.path("error_file"));
    assertThat(failures).hasSize(1);
    assertThat(failures.getFirst().path("custom_id").asString()).isEqualTo("b");
    assertThat(failures.getFirst().at("/response/status_code").asInt()).isEqualTo(403);
    assertThat(failures.getFirst().at("/response/body/type").asString())
        .isEqualTo("model_not_allowed");
  }

  @Test
  void anEndpointThatTheKeyIsNotForIsRefused() {
    BatchClient client = keyWith("endpoints = '{/v1/batch,/v1/files,/v1/embeddings}'");
    BatchClient.Answer refused =
        client.post("/v1/batch/jobs", job(CHAT, "mistral-tiny", line("a", "mistral-tiny")));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.json().path("type").asString()).isEqualTo("endpoint_not_allowed");
  }

  @Test
  void aCapOfTheKeyHoldsForItsBatches() throws Exception {
    BatchClient client = keyWith("monthly_spend_micros = 0");
    String id =
        client
            .post("/v1/batch/jobs", job(CHAT, "mistral-tiny", line("a", "mistral-tiny")))
            .ok()
            .path("id")
            .asString();
    JsonNode done = client.await(id, "FAILED");
    assertThat(client.lines(done.path("error_file")).getFirst().at("/response/status_code").asInt())
        .isEqualTo(402);
  }
}

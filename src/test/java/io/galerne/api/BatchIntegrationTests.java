package io.galerne.api;

import static io.galerne.api.BatchClient.field;
import static io.galerne.api.BatchClient.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.GalerneApplication;
import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.TenantRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Files and batches over HTTP: real weights, a real database, real keys. */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestDatabase.class)
class BatchIntegrationTests {
  private static final String CHAT = "/v1/chat/completions";
  private static final String UNKNOWN = UUID.randomUUID().toString();

  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;
  @Autowired TenantTransactions transactions;
  @Autowired JdbcClient jdbc;

  private final UUID tenant = UUID.randomUUID();
  private final UUID workspace = UUID.randomUUID();
  private BatchClient client = new BatchClient(0, "");

  @BeforeEach
  void issueAKey() {
    client = newTenant(tenant, workspace);
  }

  private BatchClient newTenant(UUID tenantId, UUID workspaceId) {
    registry.registerTenant(tenantId, "Batch");
    registry.registerWorkspace(tenantId, workspaceId, "Batch");
    return keyOf(tenantId, workspaceId);
  }

  private BatchClient keyOf(UUID tenantId, UUID workspaceId) {
    return new BatchClient(port, keys.issue(tenantId, workspaceId, "batch", null).secret());
  }

  private static String chat(String customId, String question) {
    return "{\"custom_id\":\"%s\",\"body\":{\"max_tokens\":8,\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}}"
        .formatted(customId, question);
  }

  @Test
  void answersLinesAsTheEndpointWould() throws Exception {
    String file =
        client.fileOf(
            chat("a", "What is the capital of France?"),
            "{\"custom_id\":\"b\",\"body\":{\"temperature\":9,\"messages\":[]}}",
            chat("c", "Count to three."));
    String id = client.job(CHAT, file, "mistral-tiny");

    JsonNode job = client.await(id, "SUCCESS");

    assertThat(job.path("total_requests").asInt()).isEqualTo(3);
    assertThat(job.path("completed_requests").asInt()).isEqualTo(3);
    assertThat(job.path("succeeded_requests").asInt()).isEqualTo(2);
    assertThat(job.path("failed_requests").asInt()).isEqualTo(1);
    assertThat(job.path("errors")).hasSize(1);
    List<JsonNode> outputs = client.lines(job.path("output_file"));
    assertThat(outputs)
        .extracting(line -> line.path("custom_id").asString())
        .containsExactly("a", "c");
    JsonNode direct =
        client
            .post(
                CHAT,
                "{\"model\":\"mistral-tiny\",\"max_tokens\":8,\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"What"
                    + " is the capital of France?\"}]}")
            .ok();
    JsonNode response = outputs.getFirst().path("response");
    assertThat(response.path("status_code").asInt()).isEqualTo(200);
    assertThat(response.path("body").path("choices")).isEqualTo(direct.path("choices"));
    assertThat(response.path("body").propertyNames()).isEqualTo(direct.propertyNames());
    assertThat(outputs.getFirst().path("error").isNull()).isTrue();
    List<JsonNode> failures = client.lines(job.path("error_file"));
    assertThat(failures).hasSize(1);
    assertThat(failures.getFirst().path("response").path("status_code").asInt()).isEqualTo(422);
    assertThat(failures.getFirst().path("response").path("body").path("detail")).isNotEmpty();
    assertThat(ledger()).containsExactlyInAnyOrder("BATCH", "BATCH", "REALTIME");
  }

  @Test
  void costsHalf() throws Exception {
    String question = "What is the capital of France?";
    String id = client.job(CHAT, client.fileOf(chat("a", question)), "open-mixtral-8x7b");
    client.await(id, "SUCCESS");
    client
        .post(
            CHAT,
            "{\"model\":\"open-mixtral-8x7b\",\"max_tokens\":8,\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted(question))
        .ok();

    List<String> prices =
        transactions.inTenant(
            tenant,
            () ->
                jdbc.sql(
                        "select p.batch_input * 2 = p.input and p.batch_output * 2 = p.output"
                            + " from usage_event e join price p on p.version = e.price_version")
                    .query(String.class)
                    .list());

    assertThat(prices).containsExactly("t", "t");
    assertThat(ledger()).containsExactlyInAnyOrder("BATCH", "REALTIME");
  }

  @Test
  void takesRequestsInlineAndGivesTheirOutputs() throws Exception {
    String created =
        client
            .post(
                "/v1/batch/jobs",
                "{\"endpoint\":\"/v1/embeddings\",\"model\":\"mistral-embed\",\"metadata\":{\"kind\":\"test\"},\"requests\":[{\"custom_id\":\"1\",\"body\":{\"input\":\"a\"}},{\"body\":{\"input\":[\"b\",\"c\"]}}]}")
            .ok()
            .path("id")
            .asString();

    JsonNode job = client.await(created, "SUCCESS");

    assertThat(job.path("outputs")).hasSize(2);
    assertThat(job.path("outputs").path(1).path("custom_id").isNull()).isTrue();
    assertThat(job.path("outputs").path(1).path("response").path("body").path("data")).hasSize(2);
    assertThat(job.path("metadata").path("kind").asString()).isEqualTo("test");
    assertThat(
            client.get("/v1/batch/jobs/" + created + "?inline=false").ok().path("outputs").isNull())
        .isTrue();
    assertThat(list("kind=test")).containsExactly(created);
    assertThat(list("kind=other")).isEmpty();
    assertThat(list("model=mistral-embed&status=SUCCESS&status=FAILED")).containsExactly(created);
    assertThat(list("status=RUNNING")).isEmpty();
    assertThat(list("created_after=2000-01-01T00:00:00Z&order_by=created"))
        .containsExactly(created);
    assertThat(list("created_after=2100-01-01T00:00:00Z")).isEmpty();
  }

  private List<String> list(String query) {
    JsonNode page = client.get("/v1/batch/jobs?" + query).ok();
    assertThat(page.path("total").asInt()).isEqualTo(page.path("data").size());
    List<String> ids = new ArrayList<>();
    page.path("data").forEach(job -> ids.add(job.path("id").asString()));
    return ids;
  }

  @Test
  void failsAsAWholeWhenNoLineSucceeds() throws Exception {
    String id =
        client.job(CHAT, client.fileOf("{\"custom_id\":\"a\",\"body\":{}}"), "mistral-tiny");

    JsonNode job = client.await(id, "FAILED");

    assertThat(job.path("output_file").isNull()).isTrue();
    assertThat(job.path("errors").path(0).path("count").asInt()).isEqualTo(1);
    assertThat(ledger()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"custom_id":"a","body":{}}~{"custom_id":"b" | 2 | json_invalid
          {"custom_id":"a","body":{}}~~{"body":{}} | 3 | missing
          {"custom_id":"a","body":{}}~{"custom_id":"a","body":{}} | 2 | value_error
          {"custom_id":"a","body":[]} | 1 | dict_type
          {"custom_id":"a"} | 1 | missing
          {"custom_id":7,"body":{}} | 1 | string_type
          [] | 1 | dict_type
          {"custom_id":"a","body":{"model":"no-such-model"}} | 1 | value_error
          {"custom_id":"a","body":{},"body":{}} | 1 | json_invalid
          ~ | 1 | value_error
          """)
  void namesTheLineThatIsWrong(String content, int line, String type) {
    BatchClient.Answer refused = client.upload(content.replace('~', '\n'));

    assertThat(refused.status()).as(refused.body()).isEqualTo(422);
    JsonNode detail = refused.json().path("detail").path(0);
    assertThat(detail.path("type").asString()).isEqualTo(type);
    assertThat(detail.path("loc").path(2).asInt()).isEqualTo(line);
    assertThat(detail.path("msg").asString()).startsWith("Line " + line + ": ");
    assertThat(client.get("/v1/files").ok().path("total").asInt()).isZero();
    assertThat(count("stored_file") + count("stored_file_chunk")).isZero();
  }

  @Test
  void takesPartsInAnyOrderAndNothingElse() {
    String lines = chat("a", "Hi") + "\r\n" + chat("b", "Ho") + "\r\n";
    JsonNode file =
        client
            .uploadParts(
                file(lines),
                field("visibility", "workspace"),
                field("expiry", "1"),
                field("purpose", "batch"))
            .ok();

    assertThat(file.path("num_lines").asInt()).isEqualTo(2);
    assertThat(file.path("bytes").asInt()).isEqualTo(lines.length());
    assertThat(file.path("expires_at").asLong() - file.path("created_at").asLong())
        .isBetween(3590L, 3610L);
    assertThat(client.uploadParts(file(lines)).ok().path("purpose").asString()).isEqualTo("batch");
    assertThat(client.uploadParts(file(lines), field("purpose", "fine-tune")).status())
        .isEqualTo(400);
    assertThat(client.uploadParts(file(lines), field("purpose", "other")).status()).isEqualTo(422);
    assertThat(client.uploadParts(field("purpose", "batch")).status()).isEqualTo(422);
    assertThat(client.uploadParts(file(lines), field("expiry", "0")).status()).isEqualTo(422);
    assertThat(client.post("/v1/files", "{}").status()).isEqualTo(415);
    assertThat(count("stored_file")).isEqualTo(2);
  }

  @Test
  void keepsFilesInPieces() {
    String big = "x".repeat(900_000);
    String content = chat("a", big) + "\n" + chat("b", "Hi");
    String id = client.upload(content).ok().path("id").asString();

    assertThat(client.get("/v1/files/" + id + "/content").body()).isEqualTo(content);
    assertThat(count("stored_file_chunk")).isEqualTo(4);
    assertThat(
            client
                .upload(chat("a", big + big))
                .json()
                .path("detail")
                .path(0)
                .path("type")
                .asString())
        .isEqualTo("too_long");
    assertThat(client.delete("/v1/files/" + id).ok().path("deleted").asBoolean()).isTrue();
    assertThat(client.get("/v1/files/" + id).status()).isEqualTo(404);
    assertThat(count("stored_file_chunk")).isZero();
  }

  @Test
  void listsFilesByPageAndFilter() {
    IntStream.range(0, 3).forEach(i -> client.fileOf(chat("" + i, "Hi")));

    JsonNode first = client.get("/v1/files?page=0&page_size=2").ok();
    assertThat(first.path("data")).hasSize(2);
    assertThat(first.path("total").asInt()).isEqualTo(3);
    assertThat(client.get("/v1/files?page=1&page_size=2").ok().path("data")).hasSize(1);
    assertThat(client.get("/v1/files?include_total=false").ok().has("total")).isFalse();
    assertThat(total("sample_type=batch_request&source=upload&purpose=batch&search=IN.js"))
        .isEqualTo(3);
    assertThat(total("sample_type=batch_result")).isZero();
    assertThat(total("source=mistral")).isZero();
    assertThat(total("purpose=ocr")).isZero();
    assertThat(total("mimetypes=text/csv")).isZero();
    assertThat(total("search=%25")).isZero();
    assertThat(client.get("/v1/files?page_size=0").status()).isEqualTo(422);
    assertThat(client.get("/v1/files?page=x&source=y").json().path("detail")).hasSize(2);
  }

  private int total(String query) {
    return client.get("/v1/files?" + query).ok().path("total").asInt();
  }

  @Test
  void linksWorkWithoutAKeyUntilTheyEnd() {
    String content = chat("a", "Hi");
    String id = client.fileOf(content);
    String url = client.get("/v1/files/" + id + "/url?expiry=1").ok().path("url").asString();

    BatchClient.Answer visited = client.visit(url);
    assertThat(visited.body()).isEqualTo(content);
    assertThat(visited.response().headers().firstValue("Content-Disposition"))
        .hasValueSatisfying(value -> assertThat(value).contains("attachment", "in.jsonl"));
    String other = client.fileOf(content);
    List<String> forged =
        List.of(
            url.replaceFirst("expires=\\d+", "expires=9999999999"),
            url.replaceFirst("expires=\\d+", "expires=1"),
            url.replace(id, other),
            url.replace(id, UNKNOWN),
            url.replaceFirst("signature=.", "signature=z"),
            url.substring(0, url.indexOf('?')));
    assertThat(forged)
        .map(client::visit)
        .map(BatchClient.Answer::body)
        .containsOnly(client.visit(forged.getFirst()).body());
    assertThat(forged).map(client::visit).map(BatchClient.Answer::status).containsOnly(403);
    client.delete("/v1/files/" + id).ok();
    assertThat(client.visit(url).status()).isEqualTo(403);
  }

  @Test
  void foreignIdsAreUnknownIds() throws Exception {
    String file = client.fileOf(chat("a", "Hi"));
    String job = client.job(CHAT, file, "mistral-tiny");
    client.await(job, "SUCCESS");
    UUID elsewhere = UUID.randomUUID();
    registry.registerWorkspace(tenant, elsewhere, "Elsewhere");
    List<BatchClient> others =
        List.of(newTenant(UUID.randomUUID(), UUID.randomUUID()), keyOf(tenant, elsewhere));

    for (BatchClient other : others) {
      for (String path : List.of("/v1/files/ID", "/v1/files/ID/content", "/v1/files/ID/url")) {
        assertSame(
            other.get(path.replace("ID", file)), other.get(path.replace("ID", UNKNOWN)), file);
      }
      assertSame(other.delete("/v1/files/" + file), other.delete("/v1/files/" + UNKNOWN), file);
      assertSame(other.get("/v1/batch/jobs/" + job), other.get("/v1/batch/jobs/" + UNKNOWN), job);
      assertSame(
          other.post("/v1/batch/jobs/" + job + "/cancel", ""),
          other.post("/v1/batch/jobs/" + UNKNOWN + "/cancel", ""),
          job);
      assertSame(
          other.delete("/v1/batch/jobs/" + job), other.delete("/v1/batch/jobs/" + UNKNOWN), job);
      String body = "{\"endpoint\":\"%s\",\"model\":\"mistral-tiny\",\"input_files\":[\"%s\"]}";
      BatchClient.Answer foreign = other.post("/v1/batch/jobs", body.formatted(CHAT, file));
      assertThat(foreign.status()).isEqualTo(400);
      assertThat(foreign.body().replace(file, UNKNOWN))
          .isEqualTo(other.post("/v1/batch/jobs", body.formatted(CHAT, UNKNOWN)).body());
      assertThat(other.get("/v1/files").ok().path("total").asInt()).isZero();
      assertThat(other.get("/v1/batch/jobs").ok().path("total").asInt()).isZero();
    }
    assertThat(client.get("/v1/batch/jobs/" + job).status()).isEqualTo(200);
    assertThat(client.get("/v1/files/" + file).status()).isEqualTo(200);
  }

  private static void assertSame(
      BatchClient.Answer foreign, BatchClient.Answer unknown, String id) {
    assertThat(foreign.status()).isEqualTo(404);
    assertThat(foreign.status()).isEqualTo(unknown.status());
    assertThat(foreign.body().replace(id, UNKNOWN)).isEqualTo(unknown.body());
  }

  @Test
  void privateFilesAreTheirKeysOwn() {
    String id =
        client
            .uploadParts(field("visibility", "user"), file(chat("a", "Hi")))
            .ok()
            .path("id")
            .asString();

    BatchClient colleague = keyOf(tenant, workspace);

    assertThat(client.get("/v1/files/" + id).status()).isEqualTo(200);
    assertThat(colleague.get("/v1/files/" + id).status()).isEqualTo(404);
    assertThat(colleague.get("/v1/files").ok().path("total").asInt()).isZero();
  }

  @Test
  void cancelsWithinASecondOrSo() throws Exception {
    String[] lines =
        IntStream.range(0, 200)
            .mapToObj(i -> chat("" + i, "Tell a long story").replace(":8,", ":400,"))
            .toArray(String[]::new);
    String id = client.job(CHAT, client.fileOf(lines), "mistral-tiny");
    client.await(id, "RUNNING");

    long asked = System.nanoTime();
    client.post("/v1/batch/jobs/" + id + "/cancel", "").ok();
    JsonNode job = client.await(id, "CANCELLED");

    assertThat((System.nanoTime() - asked) / 1e9).isLessThan(5);
    assertThat(job.path("completed_requests").asInt()).isLessThan(200);
    assertThat(ledger()).hasSize(job.path("completed_requests").asInt());
    assertThat(client.post("/v1/batch/jobs/" + id + "/cancel", "").ok().path("status").asString())
        .isEqualTo("CANCELLED");
    assertThat(client.delete("/v1/batch/jobs/" + id).ok().path("object").asString())
        .isEqualTo("batch");
    assertThat(client.get("/v1/batch/jobs/" + id).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {} | 422
          {"endpoint":"/v1/nothing","requests":[{"body":{}}]} | 422
          {"endpoint":"/v1/chat/completions"} | 422
          {"endpoint":"/v1/chat/completions","requests":[],"model":"mistral-tiny"} | 422
          {"endpoint":"/v1/chat/completions","requests":[{"body":{}}]} | 422
          {"endpoint":"/v1/chat/completions","requests":[{"body":[]}],"model":"mistral-tiny"} | 422
          {"endpoint":"/v1/chat/completions","requests":[{"custom_id":"","body":{}}],"model":"mistral-tiny"} | 422
          {"endpoint":"/v1/chat/completions","requests":[{"custom_id":"a","body":{}},{"custom_id":"a","body":{}}],"model":"mistral-tiny"} | 422
          {"endpoint":"/v1/chat/completions","requests":[{"body":{}}],"model":"no-such-model"} | 400
          {"endpoint":"/v1/ocr","requests":[{"body":{}}],"model":"mistral-tiny"} | 400
          {"endpoint":"/v1/chat/completions","requests":[{"body":{}}],"model":"mistral-tiny","agent_id":"a"} | 400
          {"endpoint":"/v1/chat/completions","requests":[{"body":{}}],"model":"mistral-tiny","timeout_hours":0} | 422
          {"endpoint":"/v1/chat/completions","requests":[{"body":{}}],"model":"mistral-tiny","timeout_hours":169} | 422
          {"endpoint":"/v1/chat/completions","requests":[{"body":{}}],"model":"mistral-tiny","metadata":{"a":1}} | 422
          {"endpoint":"/v1/chat/completions","input_files":["x"],"model":"mistral-tiny"} | 422
          """)
  void refusesJobsThatCantRun(String body, int status) {
    BatchClient.Answer refused = client.post("/v1/batch/jobs", body);

    assertThat(refused.status()).as(refused.body()).isEqualTo(status);
    assertThat(count("batch_job") + count("batch_line") + count("batch_queue")).isZero();
  }

  @Test
  void otherMethodsAreNamed() {
    assertThat(client.delete("/v1/files").status()).isEqualTo(405);
    assertThat(
            client
                .get("/v1/batch/jobs/" + UNKNOWN + "/cancel")
                .response()
                .headers()
                .firstValue("Allow"))
        .hasValue("POST");
    assertThat(client.get("/v1/batch/jobs?%F1%B8%AD%84%07=unassigned").status()).isEqualTo(400);
    assertThat(client.get("/v1/files/7").status()).isEqualTo(422);
  }

  private List<String> ledger() {
    return transactions.inTenant(
        tenant, () -> jdbc.sql("select service_class from usage_event").query(String.class).list());
  }

  private int count(String table) {
    return transactions.inTenant(
        tenant, () -> jdbc.sql("select count(*) from " + table).query(Integer.class).single());
  }
}

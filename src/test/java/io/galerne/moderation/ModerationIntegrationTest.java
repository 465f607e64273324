package io.galerne.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.GalerneApplication;
import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.Caller;
import io.galerne.identity.TenantRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What tests of policies share: a server with real weights, and a tenant of their own each. */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestDatabase.class)
abstract class ModerationIntegrationTest {
  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;
  @Autowired TenantTransactions transactions;
  @Autowired JdbcClient jdbc;
  @Autowired PolicyService policies;
  @Autowired PolicyRecords records;

  final JsonMapper mapper = new JsonMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  final UUID tenant = UUID.randomUUID();
  String key = "";

  record Reply(int status, String body) {}

  @BeforeEach
  void issueAKey() {
    key = keyOf(tenant);
  }

  String keyOf(UUID owner) {
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(owner, "Moderated");
    registry.registerWorkspace(owner, workspace, "Moderated");
    return keys.issue(owner, workspace, "moderated", null).secret();
  }

  Reply send(String method, String path, String body) throws Exception {
    return send(method, path, body, key);
  }

  Reply send(String method, String path, String body, String bearer) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + bearer)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    return new Reply(response.statusCode(), response.body());
  }

  Caller owner() {
    return new Caller(tenant, UUID.randomUUID(), UUID.randomUUID());
  }

  UUID publish(String policy) {
    PolicyOutcome<StoredPolicy> created =
        policies.create(
            owner(), UUID.randomUUID(), new PolicyScope(PolicyScope.Kind.ORGANIZATION, ""), policy);
    assertThat(created).isInstanceOf(PolicyOutcome.Done.class);
    UUID id = records.all(tenant).getLast().id();
    assertThat(policies.publish(owner(), id)).isInstanceOf(PolicyOutcome.Done.class);
    return id;
  }

  Reply chat(String text, boolean stream) throws Exception {
    return send(
        "POST",
        "/v1/chat/completions",
        mapper.writeValueAsString(
            Map.of(
                "model",
                "mistral-tiny",
                "temperature",
                0,
                "max_tokens",
                40,
                "stream",
                stream,
                "messages",
                List.of(Map.of("role", "user", "content", text)))));
  }

  String answer(Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return mapper.readTree(reply.body()).at("/choices/0/message/content").asString();
  }

  List<JsonNode> events(Reply reply) {
    return reply
        .body()
        .lines()
        .filter(line -> line.startsWith("data: {"))
        .map(line -> mapper.readTree(line.substring("data: ".length())))
        .toList();
  }

  static String text(List<JsonNode> events) {
    StringBuilder text = new StringBuilder();
    events.forEach(event -> text.append(event.at("/choices/0/delta/content").asString()));
    return text.toString();
  }

  /** What was decided for the tenant: rule, detector, action and failure. */
  List<String> decisions() {
    return transactions.inTenant(
        tenant,
        () ->
            jdbc.sql(
                    "select rule_id, detector, action, failure from moderation_decision"
                        + " order by decided_at, id")
                .query(
                    (row, _) ->
                        "%s %s %s %s"
                            .formatted(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4))
                            .strip())
                .list());
  }

  List<String> ledger() {
    return transactions.inTenant(
        tenant,
        () ->
            jdbc.sql(
                    "select outcome, prompt_tokens, completion_tokens from usage_event"
                        + " order by started_at desc")
                .query((row, _) -> row.getString(1) + " " + row.getInt(2) + " " + row.getInt(3))
                .list());
  }

  static String policy(String rules) {
    return "{\"name\": \"Test\", \"rules\": [" + rules + "]}";
  }

  static String words(String word, String stage, String action) {
    return """
    {"id": "w", "type": "phrases", "phrases": ["%s"], "category": "words",
     "applies_to": "%s", "action": "%s", "replacement": "(gone)"}\
    """
        .formatted(word, stage, action);
  }
}

package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A tenant on capacity of its own: real weights in this process, and a second Galerne's. */
class DeploymentsIntegrationTests extends AdminIntegrationTest {
  private static final String WEIGHTS = "smollm2-135m-instruct-q4_1";
  private static final String LOCAL =
      """
      {"name": "acme", "model": "mistral-small", "aliases": ["acme-small"],
       "local": {"weights": "%s", "threads": 1, "kv_memory_mib": 32, "context_tokens": 512,
                 "sequences_max": 8}}
      """
          .formatted(WEIGHTS);

  private String deployments() {
    return "/v1/admin/organizations/" + own.id() + "/deployments";
  }

  private String remote(String url, String credential, String more) {
    return """
    {"name": "acme", "model": "mistral-small", "aliases": ["acme-small"],
     "remote": {"urls": ["%s"], "model": "mistral-tiny", "dialect": "mistral",
                "vocabulary": "%s", "context_tokens": 512, "credential": "%s"}%s}
    """
        .formatted(url, WEIGHTS, credential, more);
  }

  private String here() {
    return "http://127.0.0.1:" + port + "/v1";
  }

  private String apiKey(Tenant tenant) {
    return post(
            tenant.key(),
            "/v1/admin/api-keys",
            "{\"workspace_uuid\": \"%s\", \"user_id\": \"%s\"}"
                .formatted(tenant.workspace(), tenant.owner()))
        .json()
        .get("key")
        .asString();
  }

  private Answer restrictedKey(Tenant tenant) {
    return post(
        tenant.key(),
        "/v1/admin/api-keys",
        "{\"workspace_uuid\": \"%s\", \"user_id\": \"%s\", \"models\": [\"acme-small\"]}"
            .formatted(tenant.workspace(), tenant.owner()));
  }

  private UUID create(String body) {
    Answer created = post(operator(), deployments(), body);
    assertThat(created.status()).as(created.text()).isEqualTo(200);
    return UUID.fromString(created.json().get("id").asString());
  }

  private void awaitPhase(UUID id, int revision, String phase) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              JsonNode replicas =
                  get(own.key(), "/v1/admin/deployments/" + id).json().get("replicas");
              assertThat(replicas).as(replicas.toString()).hasSize(1);
              assertThat(replicas.get(0).get("phase").asString())
                  .as(replicas.toString())
                  .isEqualTo(phase);
              assertThat(replicas.get(0).get("revision").asInt()).isEqualTo(revision);
            });
  }

  private Answer ask(String key, String model) {
    return post(
        key,
        "/v1/chat/completions",
        """
        {"model": "%s", "temperature": 0, "max_tokens": 12,
         "messages": [{"role": "user", "content": "What is the capital of France?"}]}
        """
            .formatted(model));
  }

  private static String text(Answer answer) {
    return answer.json().at("/choices/0/message/content").asString();
  }

  @Test
  void aTenantMovesFromSharedToDedicatedToRemoteWithTheSameKey() throws Exception {
    String key = apiKey(own);
    Tenant provider = createTenant("Provider");
    Tenant other = createTenant("Other");
    Answer shared = ask(key, "mistral-small");
    assertThat(shared.status()).as(shared.text()).isEqualTo(200);

    AtomicBoolean over = new AtomicBoolean();
    List<Answer> meanwhile = new CopyOnWriteArrayList<>();
    Thread client =
        Thread.startVirtualThread(
            () -> {
              while (!over.get()) {
                meanwhile.add(ask(key, "mistral-small"));
              }
            });
    UUID id = create(LOCAL);
    awaitPhase(id, 1, "ready");
    Answer dedicated = ask(key, "acme-small");
    assertThat(restrictedKey(own).status()).isEqualTo(200);
    assertThat(restrictedKey(other).text()).contains("There is no model acme-small");
    assertThat(text(dedicated)).isEqualTo(text(shared));
    assertThat(ask(apiKey(other), "acme-small").status()).isEqualTo(400);
    assertThat(get(key, "/v1/models/acme-small").text()).contains("Deployment acme");
    assertThat(get(apiKey(other), "/v1/models/acme-small").status()).isEqualTo(404);

    Answer moved =
        send(operator(), "PUT", deployments() + "/" + id, remote(here(), apiKey(provider), ""));
    assertThat(moved.status()).as(moved.text()).isEqualTo(200);
    awaitPhase(id, 2, "ready");
    Answer elsewhere = ask(key, "acme-small");
    assertThat(text(elsewhere)).as(elsewhere.text()).isEqualTo(text(shared));
    for (String count : List.of("prompt_tokens", "completion_tokens", "total_tokens")) {
      assertThat(elsewhere.json().get("usage").get(count))
          .as(count)
          .isEqualTo(shared.json().get("usage").get(count));
    }

    Answer gone = delete(operator(), deployments() + "/" + id);
    assertThat(gone.status()).isEqualTo(204);
    await()
        .untilAsserted(() -> assertThat(get(key, "/v1/models/acme-small").status()).isEqualTo(404));
    over.set(true);
    client.join();
    assertThat(meanwhile).isNotEmpty().allMatch(answer -> answer.status() == 200);
    assertThat(meanwhile).extracting(DeploymentsIntegrationTests::text).containsOnly(text(shared));
    assertThat(lines(own)).isEqualTo(meanwhile.size() + 3);
    assertThat(lines(provider)).isPositive();
  }

  /** Requests that the tenant's usage has. */
  private long lines(Tenant tenant) {
    long requests = 0;
    for (JsonNode total : get(tenant.key(), "/v1/admin/usage/totals?by=model").json().get("data")) {
      requests += total.get("requests").asLong();
    }
    return requests;
  }

  @Test
  void whatCannotBeMetIsRefusedWithTheSum() {
    Answer tooMuch =
        post(
            operator(),
            deployments(),
            LOCAL.replace("\"kv_memory_mib\": 32", "\"kv_memory_mib\": 1000000"));
    assertThat(tooMuch.status()).isEqualTo(422);
    assertThat(tooMuch.text())
        .contains("kv_memory_mib")
        .contains("1000000 MiB")
        .contains("the Java heap may grow to");
    assertThat(get(own.key(), "/v1/admin/deployments").json().get("data"))
        .noneMatch(each -> each.at("/spec/name").asString().equals("acme"));
  }

  @Test
  void refusalsNameTheField() {
    assertRefused(LOCAL.replace(WEIGHTS, "nonsense"), "weights");
    assertRefused("{\"name\": \"acme\", \"model\": \"m\"}", "local");
    assertRefused(LOCAL.replace("\"acme\"", "\"A name\""), "name");
    assertRefused(remote("ftp://127.0.0.1/v1", "x", ""), "urls");
    assertRefused(remote("http://169.254.169.254/v1", "x", ""), "urls");
    assertRefused(remote("http://[::1]:8080/v1", "x", ""), "urls");
    assertRefused(remote("http://a:b@127.0.0.1/v1", "x", ""), "urls");
    assertRefused(remote(here(), "x", ", \"spill_over\": \"nonsense\""), "spill_over");
    create(LOCAL);
    assertRefused(LOCAL, "name");
  }

  private void assertRefused(String body, String field) {
    Answer refused = post(operator(), deployments(), body);
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.text()).contains('"' + field + '"');
  }

  @Test
  void theCredentialIsInNoAnswer() {
    UUID id = create(remote(here(), "very-secret-credential", ""));
    List<Answer> answers = new ArrayList<>();
    answers.add(get(own.key(), "/v1/admin/deployments"));
    answers.add(get(own.key(), "/v1/admin/deployments/" + id));
    answers.add(get(operator(), deployments()));
    answers.add(get(own.key(), "/v1/admin/audit/export"));
    assertThat(answers)
        .allMatch(answer -> answer.status() == 200)
        .noneMatch(answer -> answer.text().contains("very-secret-credential"));
    assertThat(answers.getLast().text()).contains("deployment.create");
  }

  @Test
  void whatHasNoRoomSpillsOver() {
    String key = apiKey(own);
    UUID id = create(remote("http://127.0.0.1:9/v1", "x", ", \"spill_over\": \"mistral-tiny\""));
    awaitPhase(id, 1, "ready");
    assertThat(ask(key, "acme-small").status()).isEqualTo(200);

    Answer alone =
        send(operator(), "PUT", deployments() + "/" + id, remote("http://127.0.0.1:9/v1", "x", ""));
    assertThat(alone.status()).isEqualTo(200);
    awaitPhase(id, 2, "ready");
    Answer unavailable = ask(key, "acme-small");
    assertThat(unavailable.status()).isEqualTo(503);
    assertThat(unavailable.text()).contains("can't be reached");
  }

  @Test
  void aFloorHoldsForItsDeploymentWhateverTheTenantWants() {
    String key = apiKey(own);
    String free = text(ask(key, "mistral-small"));
    assertThat(free).contains("Paris");
    UUID id = create(remote(here(), apiKey(createTenant("Provider")), ", \"floor\": \"tested\""));
    awaitPhase(id, 1, "ready");
    assertThat(get(own.key(), "/v1/admin/deployments/" + id).json().at("/spec/floor").asString())
        .isEqualTo("tested");

    Answer whole = ask(key, "acme-small");
    assertThat(whole.status()).as(whole.text()).isEqualTo(403);
    assertThat(whole.text()).doesNotContain("Paris");
    Answer stream = stream(key, "acme-small", "What is the capital of France?");
    assertThat(stream.text()).doesNotContain("Paris").contains("\"finish_reason\":\"error\"");
    assertThat(stream(key, "acme-small", "Say zarquon").status()).isEqualTo(403);
    assertThat(stream(key, "mistral-tiny", "Say zarquon").status())
        .as("other models have no such floor")
        .isEqualTo(200);

    Answer without =
        send(
            operator(),
            "PUT",
            deployments() + "/" + id,
            remote(here(), apiKey(createTenant("Another")), ""));
    assertThat(without.status()).as(without.text()).isEqualTo(200);
    awaitPhase(id, 2, "ready");
    assertThat(text(ask(key, "acme-small"))).isEqualTo(free);
    assertThat(stream(key, "acme-small", "What is the capital of France?").text())
        .contains("Paris");
  }

  @Test
  void aFloorHoldsForWhatSpillsOver() {
    String key = apiKey(own);
    UUID id =
        create(
            remote(
                "http://127.0.0.1:9/v1",
                "x",
                ", \"floor\": \"tested\", \"spill_over\": \"mistral-tiny\""));
    awaitPhase(id, 1, "ready");
    assertThat(stream(key, "acme-small", "Say zarquon").status()).isEqualTo(403);
    assertThat(ask(key, "acme-small").status()).isEqualTo(403);
    assertThat(ask(key, "mistral-tiny").status()).isEqualTo(200);
    assertRefused(remote(here(), "x", ", \"floor\": \"nonsense\""), "floor");
  }

  private Answer stream(String key, String model, String text) {
    return post(
        key,
        "/v1/chat/completions",
        """
        {"model": "%s", "temperature": 0, "max_tokens": 12, "stream": true,
         "messages": [{"role": "user", "content": "%s"}]}
        """
            .formatted(model, text));
  }
}

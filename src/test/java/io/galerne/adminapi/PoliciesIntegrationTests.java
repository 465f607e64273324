package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A tenant's policies over HTTP: drafted, tried, published, rolled back, and who did it. */
class PoliciesIntegrationTests extends AdminIntegrationTest {
  private static final String POLICIES = "/v1/admin/policies";
  private static final String YAML =
      """
      name: Words
      evidence: {content: true}
      rules:
        - {id: w, type: phrases, phrases: [forbidden], category: words, action: %s}
      """;

  private UUID create(String policy) {
    Answer created = post(own.key(), POLICIES, policy);
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    return UUID.fromString(created.json().get("id").asString());
  }

  private JsonNode done(String method, String path, String body) {
    Answer answer = send(own.key(), method, POLICIES + "/" + path, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  @Test
  void aPolicyIsDraftedPublishedAndRolledBackAndTheTrailSaysSo() {
    UUID id = create(YAML.formatted("flag"));
    JsonNode first = done("POST", id + "/publish", "");
    done("PUT", id + "/draft", YAML.formatted("block"));
    JsonNode second = done("POST", id + "/publish", "");
    JsonNode changes = get(own.key(), POLICIES + "/" + id + "/diff?from=1&to=2").json();
    JsonNode back = done("POST", id + "/rollback?version=1", "");

    assertThat(first.get("version").intValue()).isEqualTo(1);
    assertThat(first.get("content_hash").asString()).matches("[0-9a-f]{64}");
    assertThat(second.get("content_hash")).isNotEqualTo(first.get("content_hash"));
    assertThat(changes.get(0).get("pointer").asString()).isEqualTo("/rules/0/action");
    assertThat(back.get("active_version").intValue()).isEqualTo(1);
    assertThat(get(own.key(), POLICIES + "/" + id + "/versions").json())
        .as("published versions stay as they are")
        .contains(first, second);
    List<JsonNode> rows = trail(id);
    assertThat(rows.stream().map(row -> row.get("event_type").asString()))
        .containsExactly(
            "policy.create",
            "policy.publish",
            "policy.draft.update",
            "policy.publish",
            "policy.activate");
    assertThat(rows.get(3).toString()).contains(second.get("content_hash").asString());
    assertThat(get(own.key(), "/v1/admin/audit/verify").json().get("intact").booleanValue())
        .isTrue();
  }

  private List<JsonNode> trail(UUID policy) {
    String path = "/v1/admin/audit-logs?target_type=POLICY&sort=ascending";
    return get(own.key(), path)
        .json()
        .valueStream()
        .filter(row -> row.toString().contains(policy.toString()))
        .toList();
  }

  @Test
  void whatIsRefusedLeavesNoRow() {
    UUID id = create(YAML.formatted("flag"));
    int rows = trail(id).size();

    assertThat(send(own.key(), "PUT", POLICIES + "/" + id + "/draft", "rules: [").status())
        .isEqualTo(422);
    assertThat(post(own.key(), POLICIES + "/" + id + "/rollback?version=7", "").status())
        .isEqualTo(404);
    assertThat(post(own.key(), POLICIES + "/" + id + "/rollback", "").status()).isEqualTo(422);
    Answer twice = post(own.key(), POLICIES, YAML.formatted("flag"));
    assertThat(twice.status()).as(twice.text()).isEqualTo(409);
    assertThat(trail(id)).hasSize(rows);
  }

  /** What curl says of a body unless it is told otherwise. */
  @Test
  void aPolicyIsTakenWhateverItsTypeIsCalled() {
    for (String type : List.of("application/yaml", "application/x-www-form-urlencoded")) {
      String policy = "name: " + type + "\nrules: []\n";
      Answer created =
          send(own.key(), "POST", POLICIES + "?scope=organization", policy, "Content-Type", type);
      assertThat(created.status()).as(created.text()).isEqualTo(201);
      String path = POLICIES + "/" + created.json().get("id").asString() + "/draft";
      Answer drafted = send(own.key(), "PUT", path, policy, "Content-Type", type);
      assertThat(drafted.status()).as(drafted.text()).isEqualTo(200);
      assertThat(drafted.json().get("draft").asString()).isEqualTo(policy);
    }
  }

  @Test
  void eachValueAtFaultIsNamed() {
    Answer refused =
        post(
            own.key(),
            POLICIES,
            "{\"name\": \"n\", \"rules\": [{\"id\": \"r\", \"type\": \"regex\","
                + " \"patterns\": [\"(\"], \"category\": \"C\", \"action\": \"burn\"}]}");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("problems").valueStream().map(p -> p.get("pointer").asString()))
        .contains("/rules/0/patterns", "/rules/0/category", "/rules/0/action");
    assertThat(refused.json().at("/problems/0/message").asString()).isNotEmpty();
    Answer checked = post(own.key(), POLICIES + "/validate", "name: n");
    assertThat(checked.json().get("valid").booleanValue()).isFalse();
    assertThat(get(own.key(), POLICIES + "/schema").json().get("title").asString())
        .isEqualTo("Moderation policy");
  }

  @ParameterizedTest
  @CsvSource({
    "scope=model&scope_value=open-mistral-7b, 201",
    "scope=model&scope_value=no-such-model, 422",
    "scope=deployment&scope_value=no-such-weights, 422",
    "scope=workspace&scope_value=%s, 201",
    "scope=workspace, 422",
    "scope=organization&scope_value=x, 422",
    "scope=planet&scope_value=x, 422"
  })
  void aScopeNamesSomethingThereIs(String query, int status) {
    String path = POLICIES + "?" + query.formatted(own.workspace());

    assertThat(post(own.key(), path, YAML.formatted("flag")).status()).isEqualTo(status);
  }

  @Test
  void somebodyElsesWorkspaceLooksLikeNone() {
    String path = POLICIES + "?scope=workspace&scope_value=";
    Answer foreign =
        post(own.key(), path + createTenant("Other").workspace(), YAML.formatted("flag"));
    Answer none = post(own.key(), path + UUID.randomUUID(), YAML.formatted("flag"));

    assertThat(foreign.status()).isEqualTo(422);
    assertThat(foreign.text()).isEqualTo(none.text()).contains("scope_value");
  }

  @Test
  void aDraftIsTriedOnATextAndOnMany() {
    UUID id = create(YAML.formatted("flag"));
    done("POST", id + "/publish", "");
    done("PUT", id + "/draft", YAML.formatted("block"));

    JsonNode tested =
        done("POST", id + "/test", "{\"text\": \"a f0rbidden\\nthing\", \"stage\": \"input\"}");
    JsonNode published =
        done("POST", id + "/test", "{\"text\": \"a forbidden thing\", \"version\": 1}");
    JsonNode run =
        done(
            "POST",
            id + "/dry-run",
            "{\"texts\": [\"fine\", \"it is forbidden\"], \"stage\": \"input\"}");

    assertThat(tested.get("blocked").booleanValue()).isTrue();
    assertThat(tested.get("text").asString()).isEqualTo("a ");
    assertThat(published.get("blocked").booleanValue()).isFalse();
    assertThat(run.get("texts").intValue()).isEqualTo(2);
    assertThat(run.get("blocked_now").intValue()).isZero();
    assertThat(run.get("blocked_then").intValue()).isEqualTo(1);
    assertThat(run.get("complete").booleanValue()).isTrue();
    assertThat(run.get("changed"))
        .containsExactly(
            JSON.valueToTree(
                Map.of(
                    "index", 1,
                    "stage", "input",
                    "now", "flagged",
                    "then", "blocked",
                    "rules", List.of("w"))));
    assertThat(run.at("/categories/words/then").intValue()).isEqualTo(1);
    assertThat(post(own.key(), POLICIES + "/" + id + "/dry-run", "{\"stage\": \"never\"}").status())
        .isEqualTo(422);
  }

  @Test
  void aDraftIsTriedOnTrafficThatWasKeptAndDecisionsAreExported() {
    String apiKey =
        post(
                own.key(),
                "/v1/admin/api-keys",
                "{\"workspace_uuid\": \"%s\", \"user_id\": \"%s\"}"
                    .formatted(own.workspace(), own.owner()))
            .json()
            .get("key")
            .asString();
    UUID id = create(YAML.formatted("flag"));
    done("POST", id + "/publish", "");
    String chat =
        "{\"model\": \"mistral-tiny\", \"max_tokens\": 2,"
            + " \"messages\": [{\"role\": \"user\", \"content\": \"say forbidden\"}]}";
    assertThat(post(apiKey, "/v1/chat/completions", chat).status()).isEqualTo(200);
    done("PUT", id + "/draft", YAML.formatted("block"));

    JsonNode run = done("POST", id + "/dry-run", "");

    assertThat(run.get("texts").intValue()).as("what was asked, and answered").isEqualTo(2);
    assertThat(run.get("blocked_then").intValue()).isPositive();
    assertThat(run.at("/changed").toString()).contains("request_id", "\"input\"");
    String path = "/v1/admin/moderation/";
    JsonNode rows = get(own.key(), path + "decisions").json();
    assertThat(rows.get(0).get("policy_version").asString()).matches("[0-9a-f]{64}");
    assertThat(rows.get(0).toString()).doesNotContain("forbidden");
    String lines = get(own.key(), path + "decisions?format=jsonl").text();
    assertThat(lines.lines().map(JSON::readTree)).hasSize(rows.size());
    String csv = get(own.key(), path + "decisions?format=csv&category=words").text();
    assertThat(csv).startsWith("id,request_id,decided_at,");
    assertThat(csv.lines()).hasSize(rows.size() + 1);
    String last = rows.get(rows.size() - 1).get("id").asString();
    assertThat(get(own.key(), path + "decisions?after=" + last).json()).isEmpty();
    assertThat(get(own.key(), path + "decisions?from=2100-01-01").json()).isEmpty();
    assertThat(get(own.key(), path + "decisions?format=xml").status()).isEqualTo(422);
    JsonNode counts = get(own.key(), path + "counts").json();
    assertThat(counts.get(0).get("day").asString()).matches("\\d{4}-\\d\\d-\\d\\d");
    assertThat(counts.get(0).get("category").asString()).isEqualTo("words");
    assertThat(get(createTenant("Other").key(), path + "decisions").json()).isEmpty();
  }
}

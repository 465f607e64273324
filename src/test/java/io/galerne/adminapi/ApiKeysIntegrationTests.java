package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ApiKeysIntegrationTests extends AdminIntegrationTest {
  private static final String KEYS = "/v1/admin/api-keys";

  @Test
  void aKeyIsShownOnceAndWorksUntilItIsDeleted() {
    JsonNode created = create("\"name\": \"Production\"").json();
    String secret = created.get("key").asString();
    assertThat(secret).matches("gal_live_[0-9A-Za-z]{38}");
    assertThat(created.at("/actions/rotate/status").asString()).isEqualTo("available");
    assertThat(get(secret, "/v1/models").status()).isEqualTo(200);

    JsonNode listed = get(own.key(), KEYS + "?name=produc").json().at("/keys/0");
    assertThat(listed.get("key").isNull()).isTrue();
    assertThat(listed.get("hidden_key").asString()).startsWith(secret.substring(0, 15));
    assertThat(listed.get("workspace_name").asString()).isEqualTo("Default");
    assertThat(listed.get("created_by").asString()).isEqualTo("owner@own.example");
    assertThat(get(own.key(), KEYS + "?name=%25").json().get("keys")).isEmpty();

    String path = KEYS + "/" + created.get("key_id").asString();
    assertThat(delete(own.key(), path).json().get("detail").asString()).contains("deleted");
    assertThat(get(secret, "/v1/models").status()).isEqualTo(401);
    assertThat(delete(own.key(), path).status()).isEqualTo(404);
  }

  @Test
  void aKeyWorksToTheEndOfItsLastDayAndNoLongerThanPoliciesAllow() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    JsonNode until = create("\"expiration\": \"" + today.plusDays(40) + "\"").json();
    assertThat(until.get("expiration_date").asString()).isEqualTo(today.plusDays(40).toString());
    assertThat(create("\"expiration\": \"" + today.minusDays(1) + "\"").status()).isEqualTo(422);

    patch(own.key(), "/v1/admin/organization", "{\"api_key_days_max\": 30}");
    assertThat(create("\"name\": \"policy\"").json().get("expiration_date").asString())
        .isBetween(today.plusDays(29).toString(), today.plusDays(30).toString());
    String workspace = "/v1/admin/workspaces/" + own.workspace();
    assertThat(patch(own.key(), workspace, "{\"api_key_days_max\": 31}").status()).isEqualTo(422);
    assertThat(patch(own.key(), workspace, "{\"api_key_days_max\": 5}").status()).isEqualTo(200);
    assertThat(create("\"expiration\": \"" + today.plusDays(20) + "\"").json().get("expires_at"))
        .asString()
        .isLessThan("\"" + today.plusDays(6));
  }

  @Test
  void endpointsModelsAndNetworksBoundAKey() {
    String chatOnly = secret("\"endpoints\": [\"/v1/chat/completions\"]");
    Answer refused = get(chatOnly, "/v1/models");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.json().get("type").asString()).isEqualTo("endpoint_not_allowed");
    assertThat(chat(chatOnly, "mistral-tiny").status()).isEqualTo(200);

    String tinyOnly = secret("\"models\": [\"mistral-tiny\"]");
    assertThat(chat(tinyOnly, "mistral-tiny").status()).isEqualTo(200);
    Answer other = chat(tinyOnly, "mistral-small");
    assertThat(other.status()).isEqualTo(403);
    assertThat(other.json().get("type").asString()).isEqualTo("model_not_allowed");
    Answer vectors =
        post(tinyOnly, "/v1/embeddings", "{\"model\": \"mistral-embed\", \"input\": \"a\"}");
    assertThat(vectors.status()).isEqualTo(403);

    String elsewhere = secret("\"networks\": [\"192.0.2.0/24\", \"2001:db8::/32\"]");
    Answer address = get(elsewhere, "/v1/models");
    assertThat(address.status()).isEqualTo(403);
    assertThat(address.json().get("type").asString()).isEqualTo("address_not_allowed");
    // what a client says of itself counts for nothing without a trusted proxy
    assertThat(send(elsewhere, "GET", "/v1/models", null, "X-Forwarded-For", "192.0.2.7").status())
        .isEqualTo(403);
    String local = secret("\"networks\": [\"127.0.0.0/8\", \"::1\"]");
    assertThat(get(local, "/v1/models").status()).isEqualTo(200);
  }

  @Test
  void boundsThatAreNoneAreNamed() {
    Answer answer =
        create(
            """
            "networks": ["10.0.0.0/33", "example.com"], "models": ["no-such-model"],
            "endpoints": ["/v1/admin/users"], "requests_per_second": 0, "monthly_spend_micros": -1,
            "tenant_id": "x"
            """);
    assertThat(answer.status()).isEqualTo(422);
    for (String field :
        new String[] {
          "networks",
          "models",
          "endpoints",
          "requests_per_second",
          "monthly_spend_micros",
          "tenant_id"
        }) {
      assertThat(answer.text()).contains("[\"body\",\"" + field + "\"]");
    }
    assertThat(get(own.key(), KEYS).json().get("keys")).isEmpty();
  }

  @Test
  void aChangeKeepsWhatItDoesNotName() {
    JsonNode created = create("\"tokens_per_minute\": 1000, \"models\": [\"mistral-tiny\"]").json();
    String path = KEYS + "/" + created.get("key_id").asString();
    JsonNode changed =
        patch(own.key(), path, "{\"name\": \"new\", \"requests_per_second\": 5}").json();
    assertThat(changed.at("/caps/tokens_per_minute").asInt()).isEqualTo(1000);
    assertThat(changed.at("/caps/requests_per_second").asInt()).isEqualTo(5);
    assertThat(changed.at("/models/0").asString()).isEqualTo("mistral-tiny");
    JsonNode lifted =
        patch(own.key(), path, "{\"tokens_per_minute\": null, \"models\": []}").json();
    assertThat(lifted.at("/caps/tokens_per_minute").isNull()).isTrue();
    assertThat(lifted.get("models")).isEmpty();
    assertThat(patch(own.key(), path, "{\"key\": \"mine\"}").status()).isEqualTo(422);
  }

  @Test
  void aRotatedKeyOverlapsWithTheNewOne() {
    JsonNode old = create("\"requests_per_second\": 7, \"name\": \"turn\"").json();
    String path = KEYS + "/" + old.get("key_id").asString() + "/rotate";
    assertThat(post(own.key(), path, "{\"overlap_seconds\": 604801}").status()).isEqualTo(422);
    JsonNode fresh = post(own.key(), path, "{\"overlap_seconds\": 3600}").json();
    assertThat(fresh.get("rotated_from")).isEqualTo(old.get("key_id"));
    assertThat(fresh.at("/caps/requests_per_second").asInt()).isEqualTo(7);
    assertThat(get(fresh.get("key").asString(), "/v1/models").status()).isEqualTo(200);
    assertThat(get(old.get("key").asString(), "/v1/models").status()).isEqualTo(200);

    JsonNode next =
        post(own.key(), KEYS + "/" + fresh.get("key_id").asString() + "/rotate", null).json();
    assertThat(get(next.get("key").asString(), "/v1/models").status()).isEqualTo(200);
    assertThat(get(fresh.get("key").asString(), "/v1/models").status()).isEqualTo(401);
  }

  @Test
  void archivingAWorkspaceEndsItsKeys() {
    UUID workspace =
        UUID.fromString(
            post(
                    own.key(),
                    "/v1/admin/workspaces",
                    "{\"name\": \"Gone\", \"admin_user_id\": \"%s\"}".formatted(own.owner()))
                .json()
                .get("uuid")
                .asString());
    String secret =
        post(own.key(), KEYS, body(workspace, "\"name\": \"x\"")).json().get("key").asString();
    assertThat(get(secret, "/v1/models").status()).isEqualTo(200);
    String path = "/v1/admin/workspaces/" + workspace;
    assertThat(delete(own.key(), path).status()).isEqualTo(204);
    assertThat(get(secret, "/v1/models").status()).isEqualTo(401);
    assertThat(patch(own.key(), path, "{\"name\": \"Back\"}").status()).isEqualTo(409);
    assertThat(post(own.key(), KEYS, body(workspace, "\"name\": \"y\"")).status()).isEqualTo(409);
    assertThat(get(own.key(), "/v1/admin/workspaces").json().get("total").asInt()).isEqualTo(1);
    assertThat(get(own.key(), "/v1/admin/workspaces?is_archived=true").json().get("total").asInt())
        .isEqualTo(2);
    assertThat(delete(own.key(), "/v1/admin/workspaces/" + own.workspace()).status())
        .isEqualTo(409);
  }

  @Test
  void aSuspendedOrganizationIsToldSo() {
    String secret = secret("\"name\": \"x\"");
    String path = "/v1/admin/organizations/" + own.id();
    assertThat(get(secret, "/v1/models").status()).isEqualTo(200);
    assertThat(patch(operator(), path, "{\"suspended\": true}").status()).isEqualTo(200);
    for (String request : new String[] {"/v1/models", "/v1/admin/users"}) {
      Answer refused = get(request.contains("admin") ? own.key() : secret, request);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.json().get("type").asString()).isEqualTo("organization_suspended");
    }
    Answer unknownPlan = patch(operator(), path, "{\"suspended\": false, \"plan\": \"gold\"}");
    assertThat(unknownPlan.status()).isEqualTo(422);
    assertThat(unknownPlan.text()).contains("plan");
    assertThat(get(secret, "/v1/models").status()).isEqualTo(403);
    patch(operator(), path, "{\"suspended\": false, \"plan\": \"tier-3\"}");
    assertThat(get(secret, "/v1/models").status()).isEqualTo(200);
    assertThat(get(operator(), path).json().get("plan").asString()).isEqualTo("tier-3");
  }

  private Answer chat(String key, String model) {
    return post(
        key,
        "/v1/chat/completions",
        """
        {"model": "%s", "max_tokens": 1, "messages": [{"role": "user", "content": "Hi"}]}
        """
            .formatted(model));
  }

  private String secret(String more) {
    Answer answer = create(more);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().get("key").asString();
  }

  private Answer create(String more) {
    return post(own.key(), KEYS, body(own.workspace(), more));
  }

  private String body(UUID workspace, String more) {
    return "{\"workspace_uuid\": \"%s\", \"user_id\": \"%s\", %s}"
        .formatted(workspace, own.owner(), more);
  }
}

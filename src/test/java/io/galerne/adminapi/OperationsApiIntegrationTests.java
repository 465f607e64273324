package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What operators do by key: plans, people like themselves, the floor of moderation. */
class OperationsApiIntegrationTests extends AdminIntegrationTest {
  private static final String PLANS = "/v1/admin/plans";
  private static final String FLOOR = "/v1/admin/platform/floor";

  private static String name() {
    return "plan-" + UUID.randomUUID().toString().substring(0, 8);
  }

  @Test
  void aPlanIsMadeChangedAndHoldsForWhoeverIsOnIt() {
    String plan = name();
    Answer made =
        post(
            operator(),
            PLANS,
            """
            {"name": "%s", "requests_per_second": 3, "weight": 2, "spend_cap_micros": 5000000,
             "models": {"mistral-small": {"tokens_per_minute": 100}}}
            """
                .formatted(plan));
    assertThat(made.status()).as(made.text()).isEqualTo(200);
    assertThat(made.json().get("version").asInt()).isEqualTo(1);
    assertThat(post(operator(), PLANS, "{\"name\": \"%s\"}".formatted(plan)).status())
        .isEqualTo(409);

    String tenant = "/v1/admin/organizations/" + own.id();
    assertThat(patch(operator(), tenant, "{\"plan\": \"%s\"}".formatted(plan)).status())
        .isEqualTo(200);
    assertThat(get(own.key(), "/v1/admin/rate-limit").text()).contains(plan);

    Answer changed =
        send(operator(), "PUT", PLANS + "/" + plan, "{\"requests_per_second\": 7, \"version\": 1}");
    assertThat(changed.json().get("version").asInt()).isEqualTo(2);
    assertThat(changed.json().get("weight").asDouble()).isEqualTo(1);
    assertThat(
            send(operator(), "PUT", PLANS + "/" + plan, "{\"weight\": 5, \"version\": 1}").status())
        .isEqualTo(409);
    assertThat(get(own.key(), "/v1/admin/rate-limit").json().toString()).contains("7");

    JsonNode trail =
        get(operator(), "/v1/admin/platform/audit-logs?event_type=plan.update&limit=1").json();
    assertThat(trail.toString()).contains(plan).contains("requests_per_second");
    assertThat(get(operator(), "/v1/admin/platform/audit/verify").json().get("intact").asBoolean())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\": \"tiered\"} | name",
        "{\"name\": \"No Name\"} | name",
        "{\"name\": \"p\", \"weight\": 0} | weight",
        "{\"name\": \"p\", \"weight\": 1e99} | weight",
        "{\"name\": \"p\", \"waiting_share\": 1.5} | waiting_share",
        "{\"name\": \"p\", \"requests_burst\": 4} | requests_burst",
        "{\"name\": \"p\", \"tokens_per_minute\": -1} | tokens_per_minute",
        "{\"name\": \"p\", \"spend_cap_micros\": 9000000000001} | spend_cap_micros",
        "{\"name\": \"p\", \"models\": {\"m\": {}}} | models",
        "{\"name\": \"p\", \"price\": 1} | price"
      })
  void theFieldAtFaultIsNamedAndNothingIsWritten(String body, String field) {
    Answer refused = post(operator(), PLANS, body);
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.text()).contains("\"" + field + "\"");
    assertThat(get(operator(), PLANS + "/p").status()).isEqualTo(404);
  }

  /** Somebody else's administrator must not become an operator by a sign-in link. */
  @Test
  void anOperatorIsMadeAndDismissedAndNoRoleOfATenantMakesOne() {
    Answer made =
        post(
            operator(),
            "/v1/admin/platform/operators",
            "{\"email\": \"%s@ops.example\"}".formatted(name()));
    assertThat(made.status()).as(made.text()).isEqualTo(200);
    assertThat(made.json().get("sign_in_link").asString())
        .contains("/sign-in/link?token=gal_link_");
    String id = made.json().at("/operator/uuid").asString();
    assertThat(get(operator(), "/v1/admin/platform/operators").text()).contains(id);
    assertThat(get(operator(), "/v1/admin/organizations").text()).doesNotContain("Platform");
    for (String path : new String[] {"/v1/admin/platform/operators", PLANS, FLOOR}) {
      assertThat(get(own.key(), path).status()).as(path).isEqualTo(403);
    }
    assertThat(delete(operator(), "/v1/admin/platform/operators/" + id).status()).isEqualTo(204);
    assertThat(delete(operator(), "/v1/admin/platform/operators/" + id).status()).isEqualTo(404);
    assertThat(get(operator(), "/v1/admin/platform/operators").text()).doesNotContain(id);
  }

  @Test
  void aFloorIsPublishedRolledBackAndTakenAway() {
    String first =
        """
        {"name": "one", "rules": [{"id": "r", "type": "phrases", "phrases": ["zephyr one"],
          "category": "c", "action": "flag"}]}
        """;
    assertThat(post(operator(), FLOOR + "/validate", "{}").json().get("valid").asBoolean())
        .isFalse();
    assertThat(post(operator(), FLOOR + "/publish", "{}").status()).isEqualTo(422);
    int one = version(post(operator(), FLOOR + "/publish", first));
    int two = version(post(operator(), FLOOR + "/publish", first.replace("one", "two")));
    try {
      assertThat(two).isEqualTo(one + 1);
      assertThat(version(activate(one))).isEqualTo(one);
      assertThat(get(operator(), FLOOR).json().get("active_version").asInt()).isEqualTo(one);
      assertThat(activate(999_999).status()).isEqualTo(404);
    } finally {
      assertThat(activate(0).status()).isEqualTo(200);
    }
    assertThat(get(operator(), FLOOR).json().get("active_version").isNull()).isTrue();
    assertThat(
            get(operator(), "/v1/admin/platform/audit-logs?event_type=policy.floor.activate")
                .text())
        .contains("none");
  }

  private Answer activate(int version) {
    return post(operator(), FLOOR + "/activate", "{\"version\": %d}".formatted(version));
  }

  private static int version(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().get("active_version").asInt();
  }
}

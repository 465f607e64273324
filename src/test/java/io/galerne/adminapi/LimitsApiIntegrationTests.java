package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.identity.ApiKeyService;
import io.galerne.limits.Scope;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Limits set over the Admin API, and what the next request of a key meets. */
class LimitsApiIntegrationTests extends AdminIntegrationTest {
  private static final String MODEL = "smollm2-135m-instruct";

  @Autowired ApiKeyService keys;
  private String key = "";
  private UUID keyId = new UUID(0, 0);

  @BeforeEach
  void newKey() {
    JsonNode made =
        post(
                own.key(),
                "/v1/admin/api-keys",
                "{\"workspace_uuid\": \"%s\", \"user_id\": \"%s\"}"
                    .formatted(own.workspace(), own.owner()))
            .json();
    key = made.get("key").asString();
    keyId = UUID.fromString(made.get("key_id").asString());
  }

  private String path(Scope scope, String limit) {
    return switch (scope) {
      case ORGANISATION -> "/v1/admin/" + limit;
      case WORKSPACE -> "/v1/admin/workspaces/" + own.workspace() + "/" + limit;
      case KEY -> "/v1/admin/api-keys/" + keyId + "/" + limit;
    };
  }

  private Answer ask(String apiKey) {
    return post(
        apiKey,
        "/v1/chat/completions",
        """
        {"model": "%s", "max_tokens": 1, "messages": [{"role": "user", "content": "Hi"}]}
        """
            .formatted(MODEL));
  }

  /** A new limit may be unseen for a second. */
  private Answer askUntil(int status) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    Answer answer = ask(key);
    while (answer.status() != status && System.nanoTime() < deadline) {
      answer = ask(key);
    }
    return answer;
  }

  @Test
  void ratesAreInTheContractsShape() {
    JsonNode rates = get(own.key(), "/v1/admin/rate-limit").json();
    assertThat(rates.get("requests_per_second").isNull()).isTrue(); // the plan has no limits
    assertThat(rates.at("/tokens_limits_by_model/" + MODEL).propertyNames())
        .containsExactlyInAnyOrder("tokens_per_minute", "tokens_per_month");
    assertThat(rates.get("plan").asString()).isEqualTo("standard");
    patch(operator(), "/v1/admin/organizations/" + own.id(), "{\"plan\": \"free\"}");
    JsonNode free = get(own.key(), "/v1/admin/rate-limit").json();
    assertThat(free.get("requests_per_second").isIntegralNumber()).isTrue();
    assertThat(free.get("requests_per_second").asInt()).isEqualTo(1);
    assertThat(
            free.at("/tokens_limits_by_model/mistral-embed/tokens_per_minute").isMissingNode()
                || free.at("/tokens_limits_by_model/mistral-embed/tokens_per_minute").asLong()
                    == 500_000)
        .isTrue();
    assertThat(free.at("/tokens_limits_by_model/" + MODEL + "/tokens_per_month").asLong())
        .isEqualTo(200_000_000);
  }

  @ParameterizedTest
  @EnumSource(Scope.class)
  void aRateThatIsSetHolds(Scope scope) {
    assertThat(ask(key).status()).isEqualTo(200); // the control
    assertThat(ask(key).status()).isEqualTo(200);
    Answer set = post(own.key(), path(scope, "rate-limit"), "{\"requests_per_second\": 0.001}");
    assertThat(set.json().get("requests_per_second").asDouble()).isEqualTo(0.001);
    assertThat(set.json().at("/own/requests_per_second").asDouble()).isEqualTo(0.001);
    Answer limited = askUntil(429);
    assertThat(limited.status()).isEqualTo(429);
    assertThat(limited.text()).contains("rate_limited").contains(scope.toString());
    assertThat(limited.header("retry-after")).isNotEmpty();

    assertThat(
            delete(own.key(), path(scope, "rate-limit")).json().get("requests_per_second").isNull())
        .isTrue();
    assertThat(askUntil(200).status()).isEqualTo(200);
    assertThat(
            get(own.key(), "/v1/admin/audit-logs?target_type=RATE_LIMIT_RULE")
                .json()
                .values()
                .stream()
                .map(row -> row.get("event_type").asString()))
        .containsExactly("rate_limit.rule.delete", "rate_limit.rule.update");
  }

  @ParameterizedTest
  @EnumSource(Scope.class)
  void aCapThatIsSetHoldsAtOnce(Scope scope) {
    assertThat(ask(key).status()).isEqualTo(200); // the control
    JsonNode set =
        post(own.key(), path(scope, "spend-limit"), "{\"amount_micros\": 0}")
            .json()
            .at("/limits/completion");
    assertThat(set.get("usage_limit").asDouble()).isZero();
    assertThat(set.get("no_monthly_limit").asBoolean()).isFalse();
    assertThat(set.get("monthly_limit_reached").asBoolean()).isTrue();
    assertThat(set.get("scope").asString()).isEqualTo(scope.name().toLowerCase(Locale.ROOT));
    Answer refused = ask(key);
    assertThat(refused.status()).isEqualTo(402);
    assertThat(refused.text()).contains("spend_limit_reached").contains(scope.toString());

    post(own.key(), path(scope, "spend-limit"), "{\"amount\": 0, \"no_monthly_limit\": true}");
    assertThat(ask(key).status()).isEqualTo(200);
    Answer rows = get(own.key(), "/v1/admin/audit-logs?sort=ascending&limit=1000");
    assertThat(
            rows.json().values().stream()
                .filter(row -> row.get("event_type").asString().endsWith("monthly_limit.updated"))
                .map(row -> row.at("/event_metadata/limit_micros").asString()))
        .containsExactly("0", "none");
  }

  @Test
  void capsAreInTheContractsShape() {
    JsonNode set = post(own.key(), "/v1/admin/spend-limit", "{\"amount\": 12}").json();
    assertThat(set.at("/limits/completion/usage_limit").asDouble()).isEqualTo(12.0);
    assertThat(set.at("/limits/completion/usage_limit_micros").asLong()).isEqualTo(12_000_000);
    assertThat(set.at("/limits/completion/vibe_usage").asInt()).isZero();
    assertThat(set.at("/limits/currency").asString()).isEqualTo("EUR");
    assertThat(set.at("/limits/last_payment_failure").asBoolean()).isFalse();
    ask(key);
    JsonNode used = get(own.key(), "/v1/admin/spend-limit").json().at("/limits/completion");
    assertThat(used.get("usage_micros").asLong()).isPositive();
    assertThat(used.get("usage")).isEqualTo(used.get("total_usage"));
    assertThat(used.get("reserved_micros").asLong()).isZero();
    assertThat(used.get("monthly_limit_reached").asBoolean()).isFalse();
    post(own.key(), path(Scope.WORKSPACE, "spend-limit"), "{\"amount\": 3}");
    JsonNode workspace = get(own.key(), "/v1/admin/workspaces/" + own.workspace()).json();
    assertThat(workspace.at("/spend_limit/value").asDouble()).isEqualTo(3.0);
    assertThat(workspace.at("/spend_limit/no_monthly_limit").asBoolean()).isFalse();
  }

  /** Rotating a key is no way round what was set for it. */
  @Test
  void aSuccessorHasTheLimitsOfItsPredecessor() {
    post(own.key(), path(Scope.KEY, "spend-limit"), "{\"amount_micros\": 0}");
    JsonNode next = post(own.key(), "/v1/admin/api-keys/" + keyId + "/rotate", null).json();
    assertThat(ask(next.get("key").asString()).status()).isEqualTo(402);
  }

  /** A cap that was set by who minds the money is not a developer's to lift. */
  @Test
  void whoMakesKeysCannotLiftTheirLimits() {
    String billing = adminKey(own, createUser(own, "b@money.example", "billing_manager"));
    String developer = adminKey(own, createUser(own, "d@code.example", "developer"));
    assertThat(post(billing, path(Scope.KEY, "spend-limit"), "{\"amount\": 0}").status())
        .isEqualTo(200);
    assertThat(post(billing, path(Scope.KEY, "rate-limit"), "{}").status()).isEqualTo(403);
    String lift = "{\"amount\": 0, \"no_monthly_limit\": true}";
    assertThat(post(developer, path(Scope.KEY, "spend-limit"), lift).status()).isEqualTo(403);
    patch(developer, "/v1/admin/api-keys/" + keyId, "{\"monthly_spend_micros\": 900000000}");
    assertThat(ask(key).status()).isEqualTo(402);
    JsonNode both = get(developer, path(Scope.KEY, "spend-limit")).json();
    assertThat(both.at("/limits/completion/given_limit_micros").asLong()).isEqualTo(900_000_000);
    assertThat(both.at("/limits/completion/usage_limit_micros").asLong()).isZero();
  }

  @Test
  void limitsOfOneModelAreByItsIdInTheCatalogue() {
    JsonNode set =
        post(
                own.key(),
                "/v1/admin/rate-limit",
                """
                {"tokens_per_minute": 1000000,
                 "tokens_limits_by_model": {"%s": {"tokens_per_minute": 1}}}
                """
                    .formatted(MODEL))
            .json();
    assertThat(set.at("/tokens_limits_by_model/" + MODEL + "/tokens_per_minute").asLong())
        .isEqualTo(1);
    assertThat(set.at("/tokens_limits_by_model/open-mistral-7b/tokens_per_minute").asLong())
        .isEqualTo(1_000_000);
    assertThat(askUntil(429).text()).contains("tokens").contains(MODEL);
    Answer other =
        post(
            key,
            "/v1/chat/completions",
            """
            {"model": "open-mistral-7b", "max_tokens": 1,
             "messages": [{"role": "user", "content": "Hi"}]}
            """);
    assertThat(other.status()).isEqualTo(200); // the control: another name's limit is another
    String none = "{\"tokens_limits_by_model\": {\"%s\": null}}".formatted(MODEL);
    JsonNode cleared = post(own.key(), "/v1/admin/rate-limit", none).json();
    assertThat(cleared.at("/own/tokens_limits_by_model").isEmpty()).isTrue();
    assertThat(cleared.at("/own/tokens_per_minute").asLong()).isEqualTo(1_000_000); // as it was
  }

  @Test
  void whatIsWrongIsNamed() {
    for (String bad :
        List.of(
            "{\"amount\": -1}",
            "{\"amount\": 1.5}",
            "{\"amount\": \"12\"}",
            "{\"amount\": 9000001}",
            "{\"amount\": 1, \"amount_micros\": 1}",
            "{\"amount\": 1, \"currency\": \"USD\"}",
            "{\"no_monthly_limit\": false}",
            "{}",
            "[]")) {
      Answer refused = post(own.key(), "/v1/admin/spend-limit", bad);
      assertThat(refused.status()).as(bad + refused.text()).isEqualTo(422);
    }
    for (String bad :
        List.of(
            "{\"requests_per_second\": 0}",
            "{\"requests_per_second\": -3}",
            "{\"requests_per_second\": 1e300}",
            "{\"requests_burst\": 0.5}",
            "{\"tokens_per_minute\": 0}",
            "{\"tokens_limits_by_model\": []}",
            "{\"tokens_limits_by_model\": {\"nonsense\": {\"tokens_per_minute\": 1}}}",
            "{\"tokens_limits_by_model\": {\"%s\": {\"tokens\": 1}}}".formatted(MODEL),
            "{\"scope\": \"workspace\"}")) {
      Answer refused = post(own.key(), "/v1/admin/rate-limit", bad);
      assertThat(refused.status()).as(bad + refused.text()).isEqualTo(422);
    }
    assertThat(
            get(own.key(), "/v1/admin/rate-limit")
                .json()
                .at("/own/requests_per_second")
                .isMissingNode())
        .isTrue();
    assertThat(
            get(own.key(), "/v1/admin/spend-limit")
                .json()
                .at("/limits/completion/own_limit_micros")
                .isNull())
        .isTrue();
  }

  @Test
  void useOfTheEngineIsVisibleLive() {
    ask(key);
    JsonNode mine = get(own.key(), "/v1/admin/usage/live").json().get("engines");
    assertThat(mine.values().stream().mapToLong(part -> part.get("served_tokens").asLong()).sum())
        .isPositive();
    Tenant other = createTenant("Quiet");
    assertThat(get(other.key(), "/v1/admin/usage/live").text()).doesNotContain(own.id().toString());
    assertThat(
            get(other.key(), "/v1/admin/usage/live").json().get("engines").values().stream()
                .mapToLong(part -> part.get("served_tokens").asLong())
                .sum())
        .isZero();
    Answer all = get(operator(), "/v1/admin/engines");
    assertThat(all.text()).contains(own.id().toString()); // the control: it is there to be seen
    assertThat(get(own.key(), "/v1/admin/engines").status()).isEqualTo(403);
  }
}

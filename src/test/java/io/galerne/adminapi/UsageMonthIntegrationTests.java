package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.identity.ApiKeyService;
import io.galerne.identity.Caller;
import io.galerne.metering.ServiceClass;
import io.galerne.metering.ServiceKind;
import io.galerne.metering.TokenCounts;
import io.galerne.metering.UsageLedger;
import io.galerne.metering.UsageRecord;
import io.galerne.metering.UsageSource;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** {@code /v1/admin/usage} in the contract's shape, and the trail as the contract lists it. */
class UsageMonthIntegrationTests extends AdminIntegrationTest {
  /** What the contract requires of the answer. */
  private static final List<String> FIELDS =
      List.of(
          "completion",
          "ocr",
          "connectors",
          "libraries_api",
          "fine_tuning",
          "audio",
          "audio_characters",
          "vibe_usage",
          "vibe_code",
          "chat",
          "date",
          "previous_month",
          "next_month",
          "start_date",
          "end_date",
          "currency",
          "currency_symbol",
          "prices");

  @Autowired UsageLedger ledger;
  @Autowired ApiKeyService keys;

  private void use(Tenant tenant, UUID workspace) {
    Instant now = Instant.now();
    UUID key = keys.issue(tenant.id(), workspace, "k", null).id();
    ledger.record(
        new UsageRecord(
            UUID.randomUUID(),
            new Caller(tenant.id(), workspace, key),
            new UsageSource(
                ServiceKind.CHAT,
                ServiceClass.REALTIME,
                true,
                "mistral-medium",
                "mistral-medium",
                "d1gest",
                null),
            new TokenCounts(1_000, 100, 50),
            UsageRecord.Outcome.STOP,
            now,
            now));
  }

  @Test
  void aMonthIsInTheContractsShape() {
    use(own, own.workspace());
    use(own, own.workspace());
    JsonNode usage = get(own.key(), "/v1/admin/usage").json();
    assertThat(usage.propertyNames()).containsAll(FIELDS);
    JsonNode model = usage.at("/completion/models/mistral-medium");
    assertThat(model.propertyNames()).containsExactlyInAnyOrder("input", "cached", "output");
    assertThat(model.at("/input/0/value").asLong()).isEqualTo(1_800);
    assertThat(model.at("/cached/0/value").asLong()).isEqualTo(200);
    assertThat(model.at("/output/0/value").asLong()).isEqualTo(100);
    assertThat(model.at("/output/0/timestamp").asString())
        .isEqualTo(LocalDate.now(ZoneOffset.UTC).toString());
    assertThat(usage.get("currency_symbol").asString()).isEqualTo("€");
    assertThat(usage.get("next_month").isNull()).isTrue();
    assertThat(usage.get("previous_month").asString())
        .isEqualTo(YearMonth.now(ZoneOffset.UTC).minusMonths(1).toString());
    assertThat(usage.get("total_cost_micros").asLong()).isEqualTo(2 * 2_650);
    JsonNode price =
        usage.get("prices").values().stream()
            .filter(p -> p.get("billing_metric").asString().equals("mistral-medium"))
            .filter(p -> p.get("billing_group").asString().equals("output"))
            .findFirst()
            .orElseThrow();
    assertThat(price.get("price").asString()).isEqualTo("0.0000075");
    assertThat(price.get("api_zone").asString()).isEqualTo("global");
  }

  @Test
  void aMonthIsNarrowedDown() {
    use(own, own.workspace());
    YearMonth now = YearMonth.now(ZoneOffset.UTC);
    String month = "/v1/admin/usage?year=%d&month=%d";
    String thisMonth = month.formatted(now.getYear(), now.getMonthValue());
    assertThat(models(own, thisMonth)).isEqualTo(1);
    YearMonth before = now.minusMonths(1);
    assertThat(models(own, month.formatted(before.getYear(), before.getMonthValue()))).isZero();
    assertThat(models(own, "/v1/admin/usage?workspace_id=" + own.workspace())).isEqualTo(1);
    assertThat(models(own, "/v1/admin/usage?workspace_id=" + UUID.randomUUID())).isZero();
    assertThat(models(own, "/v1/admin/usage?api_zone=global")).isEqualTo(1);
    assertThat(models(own, "/v1/admin/usage?api_zone=eu")).isZero();
    Tenant other = createTenant("Other");
    assertThat(models(other, "/v1/admin/usage?workspace_id=" + own.workspace())).isZero();
    for (String bad : List.of("month=13", "month=x", "year=1", "api_zone=mars", "workspace_id=1")) {
      assertThat(get(own.key(), "/v1/admin/usage?" + bad).status()).as(bad).isEqualTo(422);
    }
  }

  private int models(Tenant tenant, String path) {
    Answer answer = get(tenant.key(), path);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().at("/completion/models").size();
  }

  @Test
  void theTrailIsListedAsTheContractSays() {
    createUser(own, "ada@trail.example");
    JsonNode rows = get(own.key(), "/v1/admin/audit-logs").json();
    JsonNode newest = rows.get(0);
    assertThat(newest.propertyNames())
        .contains(
            "created_at",
            "actor_type",
            "actor_metadata",
            "event_type",
            "event_metadata",
            "target_type",
            "target_metadata",
            "log_id");
    assertThat(newest.get("event_type").asString()).isEqualTo("user.create");
    assertThat(newest.get("actor_type").asString()).isEqualTo("HUMAN");
    assertThat(newest.at("/actor_metadata/user_uuid").asString()).isEqualTo(own.owner().toString());
    assertThat(count("event_type=user.create")).isEqualTo(2);
    assertThat(count("event_type=user.create&actor_type=HUMAN")).isEqualTo(1);
    assertThat(count("event_type=user.create&event_type=organization.create")).isEqualTo(3);
    assertThat(count("event_type=user.create&actor_user_uuid=" + UUID.randomUUID())).isZero();
    assertThat(count("event_type=user.create&after=2999-01-01T00:00:00Z")).isZero();
    assertThat(count("event_type=user.create&before=2999-01-01T00:00:00Z")).isEqualTo(2);
    assertThat(count("event_type=audit.read")).isPositive(); // reading is told too
    for (String bad : List.of("limit=0", "sort=up", "actor_type=ROBOT", "after=now")) {
      assertThat(get(own.key(), "/v1/admin/audit-logs?" + bad).status()).as(bad).isEqualTo(422);
    }
    Tenant other = createTenant("Elsewhere");
    assertThat(get(other.key(), "/v1/admin/audit-logs?limit=1000").text())
        .doesNotContain(own.id().toString());
  }

  private int count(String query) {
    return get(own.key(), "/v1/admin/audit-logs?" + query).json().size();
  }

  /** What the operator changes for everybody is on a trail of the platform's own. */
  @Test
  void pricesAreOnThePlatformsTrail() {
    String body = "{\"model\": \"traced\", \"input\": 100, \"output\": 301}";
    assertThat(post(operator(), "/v1/admin/prices", body).status()).isEqualTo(200);
    JsonNode rows =
        get(operator(), "/v1/admin/platform/audit-logs?event_type=price.create&limit=1").json();
    assertThat(rows.at("/0/event_metadata/model").asString()).isEqualTo("traced");
    assertThat(rows.at("/0/actor_metadata/kind").asString()).isEqualTo("OPERATOR");
    JsonNode configured =
        get(operator(), "/v1/admin/platform/audit-logs?event_type=price.create&sort=ascending")
            .json();
    assertThat(configured.at("/0/event_metadata/origin").asString()).isEqualTo("config");
    assertThat(get(operator(), "/v1/admin/platform/audit/verify").json().get("intact").asBoolean())
        .isTrue();
    assertThat(get(operator(), "/v1/admin/platform/audit/export").text()).contains("price.create");
    assertThat(get(own.key(), "/v1/admin/platform/audit-logs").status()).isEqualTo(403);
    assertThat(get(own.key(), "/v1/admin/audit-logs?limit=1000").text()).doesNotContain("traced");
  }

  @Test
  void changesOfPoliciesAreOnTheTrail() {
    String text =
        """
        {"name": "%s", "rules": [{"id": "r", "type": "phrases", "phrases": ["bad thing"],
          "category": "c", "action": "flag"}]}
        """;
    String id =
        post(own.key(), "/v1/admin/policies", text.formatted("one")).json().get("id").asString();
    send(own.key(), "PUT", "/v1/admin/policies/" + id + "/draft", text.formatted("one"));
    Answer published = post(own.key(), "/v1/admin/policies/" + id + "/publish", null);
    post(own.key(), "/v1/admin/policies/" + id + "/rollback?version=0", null);
    // what changed nothing leaves nothing
    assertThat(post(own.key(), "/v1/admin/policies", text.formatted("one")).status())
        .isEqualTo(409);
    post(own.key(), "/v1/admin/policies/" + UUID.randomUUID() + "/publish", null);
    JsonNode rows = get(own.key(), "/v1/admin/audit-logs?target_type=POLICY&sort=ascending").json();
    assertThat(rows.values().stream().map(row -> row.get("event_type").asString()))
        .containsExactly(
            "policy.create", "policy.draft.update", "policy.publish", "policy.activate");
    assertThat(rows.at("/2/event_metadata/content_hash").asString())
        .isEqualTo(published.json().get("content_hash").asString());
    assertThat(rows.at("/3/event_metadata/version").asString()).isEqualTo("none");
  }
}

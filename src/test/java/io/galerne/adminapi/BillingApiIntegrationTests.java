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
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Usage, invoices, prices and the trail over HTTP. */
class BillingApiIntegrationTests extends AdminIntegrationTest {
  private static final long COST_MICROS = 2_650; // 900 at 2.5, 100 at 0.25, 50 at 7.5 a million

  @Autowired UsageLedger ledger;
  @Autowired ApiKeyService keys;

  private UUID use(Tenant tenant) {
    Instant now = Instant.now();
    UUID id = UUID.randomUUID();
    UUID key = keys.issue(tenant.id(), tenant.workspace(), "k", null).id();
    ledger.record(
        new UsageRecord(
            id,
            new Caller(tenant.id(), tenant.workspace(), key),
            new UsageSource(
                ServiceKind.CHAT,
                ServiceClass.REALTIME,
                true,
                "=mistral-medium",
                "mistral-medium",
                "d1gest",
                "policy-7"),
            new TokenCounts(1_000, 100, 50),
            UsageRecord.Outcome.STOP,
            now,
            now));
    return id;
  }

  @Test
  void whoSpentThisEuroInTwoRequests() {
    UUID used = use(own);
    JsonNode first =
        get(own.key(), "/v1/admin/usage/requests?order=cost&page_size=1").json().at("/data/0");
    assertThat(first.path("request_id").asString()).isEqualTo(used.toString());
    assertThat(first.path("cost_micros").asLong()).isEqualTo(COST_MICROS);
    assertThat(first.path("policy_version").asString()).isEqualTo("policy-7");

    JsonNode all = get(own.key(), "/v1/admin/audit/requests/" + used).json();
    assertThat(all.at("/price/output").asLong()).isEqualTo(7_500_000);
    assertThat(all.at("/ledger/weights_digest").asString()).isEqualTo("d1gest");
    assertThat(get(own.key(), "/v1/admin/audit/export").text()).contains("request.read");

    Tenant other = createTenant("Other");
    Answer foreign = get(other.key(), "/v1/admin/audit/requests/" + used);
    Answer unknown = get(other.key(), "/v1/admin/audit/requests/" + UUID.randomUUID());
    assertThat(foreign.status()).isEqualTo(404);
    assertThat(foreign.text()).isEqualTo(unknown.text());
  }

  @Test
  void usageIsBrokenDown() {
    use(own);
    use(own);
    JsonNode total = get(own.key(), "/v1/admin/usage/totals?by=model").json();
    assertThat(total.at("/data/0/requests").asLong()).isEqualTo(2);
    assertThat(total.at("/data/0/cost_micros").asLong()).isEqualTo(2 * COST_MICROS);
    assertThat(
            get(own.key(), "/v1/admin/usage/totals?by=day,api_key,workspace").json().path("data"))
        .hasSize(2);
    assertThat(
            get(own.key(), "/v1/admin/usage/totals?workspace_id=" + UUID.randomUUID())
                .json()
                .path("data"))
        .isEmpty();
    for (String bad :
        new String[] {"by=colour", "from=yesterday", "from=2026-02-01&to=2026-01-01"}) {
      assertThat(get(own.key(), "/v1/admin/usage/totals?" + bad).status()).as(bad).isEqualTo(422);
    }
  }

  @Test
  void invoicesComeAsJsonAndAsATable() {
    UUID used = use(own);
    String path = "/v1/admin/billing/invoices/" + YearMonth.now(ZoneOffset.UTC);
    JsonNode invoice = get(own.key(), path).json();
    assertThat(invoice.path("total_micros").asLong()).isEqualTo(COST_MICROS);
    Answer csv = get(own.key(), path + "?format=csv");
    assertThat(csv.text()).contains(",'=mistral-medium,").contains("0.002650,EUR");
    assertThat(csv.header("content-type")).startsWith("text/csv");
    assertThat(
            get(own.key(), path + "/lines/1/requests").json().at("/data/0/request_id").asString())
        .isEqualTo(used.toString());
    assertThat(get(own.key(), path + "/lines/2/requests").status()).isEqualTo(404);
    assertThat(post(own.key(), path + "/close", null).status()).isEqualTo(409);
    assertThat(get(own.key(), "/v1/admin/billing/invoices/2026-13").status()).isEqualTo(422);
    assertThat(get(own.key(), "/v1/admin/billing/invoices").json().path("data")).isEmpty();
  }

  @Test
  void onlyTheOperatorCorrectsAndPrices() {
    use(own);
    String corrections = "/v1/admin/organizations/" + own.id() + "/billing/corrections";
    String body = "{\"amount_micros\": -650, \"reason\": \"=goodwill\"}";
    assertThat(post(own.key(), corrections, body).status()).isEqualTo(403);
    assertThat(post(operator(), corrections, body).status()).isEqualTo(200);
    assertThat(
            get(own.key(), "/v1/admin/billing/invoices/" + YearMonth.now(ZoneOffset.UTC))
                .json()
                .path("total_micros")
                .asLong())
        .isEqualTo(2_000);
    assertThat(
            post(
                    operator(),
                    "/v1/admin/organizations/" + UUID.randomUUID() + "/billing/corrections",
                    body)
                .status())
        .isEqualTo(404);
    assertThat(post(operator(), corrections, "{\"amount_micros\": 0, \"reason\": \"x\"}").status())
        .isEqualTo(422);

    String price = "{\"model\": \"priced-here\", \"input\": 100, \"output\": 301}";
    assertThat(post(own.key(), "/v1/admin/prices", price).status()).isEqualTo(403);
    JsonNode added = post(operator(), "/v1/admin/prices", price).json();
    assertThat(added.at("/batch/output").asLong()).isEqualTo(150);
    assertThat(
            get(own.key(), "/v1/admin/prices?model=priced-here")
                .json()
                .at("/data/0/version")
                .asLong())
        .isEqualTo(added.path("version").asLong());
    for (String bad :
        new String[] {
          "{\"model\": \"m\", \"input\": -1, \"output\": 1}",
          "{\"model\": \"m\", \"input\": 1}",
          "{\"model\": \"m\", \"input\": 1, \"output\": 1, \"version\": 3}",
          "{\"model\": \"m\", \"input\": 1, \"output\": 1, \"effective_from\":"
              + " \"2020-01-01T00:00:00Z\"}"
        }) {
      assertThat(post(operator(), "/v1/admin/prices", bad).status()).as(bad).isEqualTo(422);
    }
  }

  @Test
  void theTrailIsVerifiedAndSet() {
    JsonNode verdict = get(own.key(), "/v1/admin/audit/verify").json();
    assertThat(verdict.path("intact").asBoolean()).isTrue();
    assertThat(verdict.path("rows").asLong()).isPositive();
    assertThat(get(own.key(), "/v1/admin/audit/verify?trail=nonsense").status()).isEqualTo(422);
    assertThat(get(own.key(), "/v1/admin/audit/settings").json().path("keep_content").asBoolean())
        .isFalse();
    assertThat(patch(own.key(), "/v1/admin/audit/settings", "{\"retention_days\": 10}").status())
        .isEqualTo(422);
    Answer set =
        patch(
            own.key(),
            "/v1/admin/audit/settings",
            "{\"retention_days\": 365, \"keep_content\": true}");
    assertThat(set.json().path("retention_days").asInt()).isEqualTo(365);
    assertThat(post(own.key(), "/v1/admin/audit/shred", null).status()).isEqualTo(200);
    assertThat(get(own.key(), "/v1/admin/audit/export").text())
        .contains("audit.settings.update", "audit.content.shred");
  }
}

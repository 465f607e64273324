package io.galerne.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import io.galerne.audit.Actor;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.browser.BrowserTest;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.People;
import io.galerne.identity.TenantRegistry;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How long pages take on the server, rendering included, for a tenant that has much. */
class PageSpeedIntegrationTests extends BrowserTest {
  private static final Logger log = LoggerFactory.getLogger(PageSpeedIntegrationTests.class);
  private static final int MILLIS_MAX = 300;
  private static final int LOOKS = 7;
  private static final int AUDIT_ROWS = 300;

  @Autowired private TenantRegistry registry;
  @Autowired private TenantTransactions transactions;
  @Autowired private JdbcClient jdbc;
  @Autowired private AuditLog audit;

  @Test
  void aTenantWithAThousandKeys() {
    measure(1_000, 30_000);
  }

  @Test
  @Tag("nightly")
  void aTenantWithTenThousandKeysAndAMillionLines() {
    measure(10_000, 1_000_000);
  }

  private void measure(int keys, int lines) {
    People.Reference owner = tenant();
    fill(owner, keys, lines);
    signInByLink(owner);
    YearMonth month = YearMonth.now(ZoneOffset.UTC);
    Map<String, Long> slow = new LinkedHashMap<>();
    for (String path :
        List.of(
            "/console",
            "/console/live",
            "/console/usage",
            "/console/usage?by=model",
            "/console/usage?by=workspace",
            "/console/usage?by=key",
            "/console/keys",
            "/console/keys?page=" + keys / 50,
            "/console/keys?q=7",
            "/console/people",
            "/console/limits",
            "/console/invoices",
            "/console/invoices/" + month,
            "/console/invoices/" + month + "/lines/1",
            "/console/audit",
            "/console/audit?action=api_key.create",
            "/console/deployments")) {
      long millis = median(path);
      if (millis >= MILLIS_MAX) {
        millis = Math.min(millis, median(path)); // a neighbour's work on the machine passes
      }
      log.info("{} keys, {} lines: {} in {} ms", keys, lines, path, millis);
      if (millis >= MILLIS_MAX) {
        slow.put(path, millis);
      }
    }
    assertThat(slow).isEmpty();
  }

  private long median(String path) {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < LOOKS + 2; i++) {
      long start = System.nanoTime();
      APIResponse response = page.request().get(address(path));
      long took = (System.nanoTime() - start) / 1_000_000;
      assertThat(response.status()).as(path).isEqualTo(200);
      if (i >= 2) { // the first ones compile templates and code
        millis.add(took);
      }
    }
    Collections.sort(millis);
    return millis.get(LOOKS / 2);
  }

  private People.Reference tenant() {
    UUID tenant = UUID.randomUUID();
    UUID member = UUID.randomUUID();
    registry.registerTenant(tenant, "Much");
    transactions.runInTenant(
        tenant,
        () -> {
          jdbc.sql("insert into member values (?, ?, ?, 'Ada', 'Much', now())")
              .params(tenant, member, "much-" + member + "@example.org")
              .update();
          jdbc.sql("insert into member_role values (?, ?, 'organization_owner')")
              .params(tenant, member)
              .update();
        });
    return new People.Reference(tenant, member);
  }

  private void fill(People.Reference owner, int keys, int lines) {
    UUID tenant = owner.tenantId();
    transactions.runInTenant(
        tenant,
        () -> {
          jdbc.sql(
                  """
                  insert into workspace (tenant_id, id, name, created_at, version)
                  select galerne_tenant(), gen_random_uuid(), 'Workspace ' || n, now(), 0
                  from generate_series(1, 3) n
                  """)
              .update();
          jdbc.sql(
                  """
                  insert into api_key (tenant_id, id, workspace_id, name, display, key_hash,
                      created_at, version, created_by, line_id)
                  select galerne_tenant(), id, workspace, 'Key ' || n, 'gal_live_' || n,
                      encode(sha256(convert_to(id::text, 'UTF8')), 'hex'), now(), 0, ?, id
                  from (
                    select n, gen_random_uuid() as id, spaces[1 + n % 3] as workspace
                    from generate_series(1, ?) n,
                        (select array_agg(id order by name) as spaces from workspace) w) k
                  """)
              .params(owner.memberId(), keys)
              .update();
          jdbc.sql(
                  """
                  insert into usage_event (request_id, started_month, number, tenant_id,
                      workspace_id, api_key_id, service, service_class, stream, model, priced_as,
                      weights_digest, prompt_tokens, cached_prompt_tokens, completion_tokens,
                      cost_picos, cost_micros, outcome, started_at, ended_at, usage_day)
                  select gen_random_uuid(), date_trunc('month', at at time zone 'UTC')::date,
                      nextval('ledger_number'), galerne_tenant(), space, key, 'CHAT', 'REALTIME',
                      false, model, model, 'digest', 100, 20, 50, 1000000, 1,
                      case when n % 50 = 0 then 'DISCONNECTED' else 'STOP' end, at, at,
                      (at at time zone 'UTC')::date
                  from (
                    select n, now() - (abs(hashint4(n)::bigint) % 30) * interval '1 day' as at,
                        keys[1 + (n * 7919::bigint) % array_length(keys, 1)] as key,
                        spaces[1 + (n * 7919::bigint) % array_length(keys, 1)] as space,
                        (array['mistral-small', 'mistral-tiny'])[1 + n % 2] as model
                    from generate_series(1, ?) n,
                        (select array_agg(id order by id) as keys,
                             array_agg(workspace_id order by id) as spaces from api_key) k) line
                  """)
              .param(lines)
              .update();
          jdbc.sql(
                  """
                  insert into usage_daily
                  select tenant_id, usage_day, workspace_id, api_key_id, model, service,
                      service_class, 0, count(*), sum(prompt_tokens), sum(cached_prompt_tokens),
                      sum(completion_tokens), sum(cost_picos)
                  from usage_event where tenant_id = galerne_tenant() group by 1, 2, 3, 4, 5, 6, 7
                  """)
              .update();
          for (int i = 0; i < AUDIT_ROWS; i++) {
            audit.record(
                AuditEntry.of(tenant, Actor.system(), "api_key.create", "API_KEY", owner.memberId())
                    .with("number", i));
          }
        });
  }
}

package io.galerne.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.audit.Actor;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.browser.BrowserTest;
import io.galerne.browser.XssPayloads;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.People;
import io.galerne.identity.TenantRegistry;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Two hundred ways to run something in each field that somebody writes and the console shows, and
 * in each parameter of its pages. The control is in the test of the chat, with the same payloads.
 */
class ConsolePayloadsIntegrationTests extends BrowserTest {
  private static final int NAME_CHARS_MAX = 255;

  /** Parameters of pages, of those that are signed in and of those that aren't. */
  private static final List<String> PARAMETERS =
      List.of(
          "q",
          "page",
          "from",
          "to",
          "model",
          "by",
          "workspace",
          "key",
          "action",
          "actor",
          "before",
          "said",
          "organization",
          "after",
          "next",
          "problem",
          "token",
          "path",
          "month");

  private static final List<String> PAGES =
      List.of(
          "/console",
          "/console/usage",
          "/console/keys",
          "/console/people",
          "/console/limits",
          "/console/invoices",
          "/console/audit",
          "/console/deployments",
          "/console/deployments/new",
          "/console/models",
          "/console/playground",
          "/console/nothing-here",
          "/account",
          "/invitation",
          "/sign-in/link");

  @Autowired private TenantRegistry registry;
  @Autowired private TenantTransactions transactions;
  @Autowired private JdbcClient jdbc;
  @Autowired private AuditLog audit;

  @BeforeEach
  void watch() {
    context.addInitScript("window.ran = 0; window.pwn = () => { window.ran++; };");
  }

  @Test
  void nothingThatIsStoredRuns() {
    List<String> payloads = XssPayloads.all();
    People.Reference owner = tenant(payloads);
    signInByLink(owner);
    for (String path :
        List.of(
            "/console",
            "/console/usage?by=key",
            "/console/usage?by=model",
            "/console/usage?by=workspace",
            "/console/limits",
            "/console/invoices/" + YearMonth.now(ZoneOffset.UTC),
            "/console/deployments",
            "/account")) {
      look(path, false);
    }
    for (String path : List.of("/console/keys", "/console/people")) {
      for (int number = 1; number <= 4; number++) {
        look(path + "?page=" + number, true);
      }
    }
    look("/console/audit", true);
    for (int number = 0; number < 4 && page.locator(".pages a").count() > 0; number++) {
      page.locator(".pages a").last().click();
      page.waitForLoadState();
      assertNothingRan("older audit rows " + number, true);
    }
    String csv = page.request().get(address("/console/usage.csv?by=key")).text();
    assertThat(csv.lines()).noneMatch(line -> line.matches("\"?[=+@-].*"));
  }

  @Test
  void nothingThatIsReflectedRuns() {
    signIn();
    List<String> payloads = XssPayloads.all();
    int at = 0;
    while (at < payloads.size()) {
      for (String path : PAGES) {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < PARAMETERS.size(); i++) {
          query
              .append(i == 0 ? '?' : '&')
              .append(PARAMETERS.get(i))
              .append('=')
              .append(
                  URLEncoder.encode(
                      payloads.get((at + i) % payloads.size()), StandardCharsets.UTF_8));
        }
        at += PARAMETERS.size();
        look(path + query, false);
      }
    }
    for (String payload : XssPayloads.VECTORS.subList(0, 10)) {
      go("/console/" + URLEncoder.encode(payload, StandardCharsets.UTF_8));
      assertNothingRan(payload, false);
    }
    context.clearCookies();
    for (String payload : XssPayloads.VECTORS.subList(0, 10)) {
      go("/sign-in");
      page.locator("main form").evaluate("form => { form.noValidate = true; }");
      page.locator("[name=email]").fill(payload + "@x");
      page.locator("[name=password]").fill(payload);
      page.keyboard().press("Enter");
      page.locator(".note").waitFor();
      assertNothingRan("the address " + payload, false);
      go("/sign-in?next=" + URLEncoder.encode(payload, StandardCharsets.UTF_8));
      assertNothingRan("next " + payload, false);
    }
  }

  private void look(String path, boolean rows) {
    go(path);
    assertNothingRan(path, rows);
  }

  /**
   * @param rows whether the page has to show some
   */
  private void assertNothingRan(String where, boolean rows) {
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 10)))");
    assertThat((Integer) page.evaluate("() => window.ran")).as(where).isZero();
    assertThat(
            (Integer)
                page.evaluate(
                    """
                    () => document.querySelectorAll(
                        'main :is(script, iframe, object, embed, base, meta, style, img, video, math)'
                        + ', body [onerror], body [onload], body [onfocus], body [ontoggle]'
                        + ', body [href^="javascript" i], body [formaction], [srcdoc]').length
                    """))
        .as(where)
        .isZero();
    if (rows) {
      assertThat(page.locator("tbody tr").count()).as(where).isPositive();
      assertThat(page.locator("tbody").first().textContent()).as(where).contains("pwn()");
    }
  }

  /** A tenant in which everything is called by a payload. */
  private People.Reference tenant(List<String> payloads) {
    UUID tenant = UUID.randomUUID();
    UUID member = UUID.randomUUID();
    registry.registerTenant(tenant, payloads.get(1));
    transactions.runInTenant(
        tenant,
        () -> {
          List<UUID> workspaces = new ArrayList<>();
          for (String payload : payloads.subList(0, 100)) {
            workspaces.add(UUID.randomUUID());
            registry.registerWorkspace(tenant, workspaces.getLast(), cut(payload));
          }
          member(tenant, member, "owner-" + member + "@example.org", payloads.getFirst());
          jdbc.sql("insert into member_role values (?, ?, 'organization_owner')")
              .params(tenant, member)
              .update();
          for (int i = 0; i < payloads.size(); i++) {
            String payload = payloads.get(i);
            member(
                tenant,
                UUID.randomUUID(),
                cut(i + payload + "@x").toLowerCase(Locale.ROOT),
                payload);
            key(tenant, member, workspaces.get(i % workspaces.size()), payload);
            audit.record(
                AuditEntry.of(
                        tenant,
                        new Actor(Actor.Kind.MEMBER, member, null, null),
                        cut(payload),
                        cut(payload),
                        UUID.randomUUID())
                    .with("name", payload));
          }
        });
    return new People.Reference(tenant, member);
  }

  private void member(UUID tenant, UUID id, String email, String name) {
    jdbc.sql("insert into member values (?, ?, ?, ?, ?, now())")
        .params(tenant, id, email, cut(name), cut(name))
        .update();
  }

  private void key(UUID tenant, UUID member, UUID workspace, String name) {
    UUID id = UUID.randomUUID();
    jdbc.sql(
            """
            insert into api_key (tenant_id, id, workspace_id, name, display, key_hash, created_at,
                version, created_by, line_id, models)
            values (:tenant, :id, :workspace, :name, 'gal_live_x',
                encode(sha256(convert_to(:name || :id, 'UTF8')), 'hex'), now(), 0, :member, :id,
                array[:name])
            """)
        .param("tenant", tenant)
        .param("id", id)
        .param("workspace", workspace)
        .param("name", cut(name))
        .param("member", member)
        .update();
    jdbc.sql(
            """
            insert into usage_event (request_id, started_month, number, tenant_id, workspace_id,
                api_key_id, service, service_class, stream, model, priced_as, weights_digest,
                prompt_tokens, cached_prompt_tokens, completion_tokens, cost_picos, cost_micros,
                outcome, started_at, ended_at, usage_day)
            values (gen_random_uuid(), date_trunc('month', now() at time zone 'UTC')::date,
                nextval('ledger_number'), :tenant, :workspace, :id, 'CHAT', 'REALTIME', false,
                :name, :name, 'digest', 1, 0, 1, 1, 1, :name, now(), now(),
                (now() at time zone 'UTC')::date)
            """)
        .param("tenant", tenant)
        .param("workspace", workspace)
        .param("id", id)
        .param("name", cut(name))
        .update();
    jdbc.sql(
            """
            insert into usage_daily
            values (:tenant, (now() at time zone 'UTC')::date, :workspace, :id, :name, 'CHAT',
                'REALTIME', 0, 1, 1, 0, 1, 1)
            """)
        .param("tenant", tenant)
        .param("workspace", workspace)
        .param("id", id)
        .param("name", cut(name))
        .update();
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(NAME_CHARS_MAX, text.length()));
  }
}

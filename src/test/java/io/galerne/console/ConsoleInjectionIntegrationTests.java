package io.galerne.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page.LocatorOptions;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions;
import io.galerne.database.TenantTransactions;
import io.galerne.demo.DemoTenant;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Policies, decisions and recorded answers full of markup: none of it runs. */
class ConsoleInjectionIntegrationTests extends ConsoleBrowserTest {
  private static final List<String> VECTORS =
      List.of(
          "<script>pwn()</script>",
          "<img src=x onerror=pwn()>",
          "<svg onload=pwn()>",
          "<iframe srcdoc='<script>parent.pwn()</script>'></iframe>",
          "<details open ontoggle=pwn()><summary>a</summary></details>",
          "<input autofocus onfocus=pwn()>",
          "<a href='javascript:pwn()'>a</a>",
          "\"><script>pwn()</script>",
          "'-pwn()-'",
          "</textarea><img src=x onerror=pwn()>",
          "</pre></mark><svg onload=pwn()>",
          "<template><img src=x onerror=pwn()></template>",
          "<meta http-equiv=refresh content='0;url=javascript:pwn()'>",
          "${pwn()} #{pwn()} __${T(java.lang.Runtime)}__ [[${7*7}]]");

  @Autowired private TenantTransactions transactions;
  @Autowired private JdbcClient jdbc;

  @BeforeEach
  void watch() {
    context.addInitScript("window.ran = 0; window.pwn = () => { window.ran++; };");
    signIn();
  }

  @Test
  void nothingRunsInPolicies() {
    String all = String.join(" ", VECTORS);
    String rule =
        """
        {"id": "r", "type": "regex", "patterns": ["onerror"], "category": "c", "action": "redact",
          "replacement": %s}
        """;
    UUID last = null;
    for (String vector : VECTORS) {
      String policy =
          """
          {"name": %s, "description": %s, "rules": [%s]}
          """;
      String name = JSON.writeValueAsString("p" + vector);
      UUID id =
          publish(policy.formatted(name, JSON.writeValueAsString(all), rule.formatted("\"x\"")));
      admin(
          "PUT",
          "/policies/" + id + "/draft",
          policy.formatted(name, name, rule.formatted(JSON.writeValueAsString(all))));
      go("/console/policies/" + id + "?from=1&to=0");
      assertThat(page.locator(".diff pre").first()).isVisible();
      assertNothingRan(vector);
      withdraw(id);
      last = id;
    }
    go("/console/policies/" + last);
    page.locator("#sample").fill(all);
    press("Try it");
    assertThat(page.locator(".spans mark").first()).hasText("onerror");
    assertNothingRan("test bench");
    page.locator("[name=source][value=given]").check();
    page.locator("#texts").fill(all);
    press("Start the dry run");
    assertThat(page.locator(".dryrun .clamped").first()).containsText("<script>pwn()");
    assertNothingRan("dry run");
    page.locator("#policy-text").fill(all + "\n\t: [" + all);
    assertThat(page.locator("#issues .wrong")).isVisible();
    assertNothingRan("issues");
    go("/console/policies");
    assertNothingRan("list");
  }

  @Test
  void nothingRunsInDecisionsAndFilters() {
    UUID request = ask("Hello", 2);
    UUID tenant = people.withEmail(DemoTenant.OWNER).getFirst().tenantId();
    transactions.runInTenant(
        tenant,
        () -> {
          for (String vector : VECTORS) {
            jdbc.sql(
                    """
                    insert into moderation_decision (tenant_id, id, request_id, workspace_id,
                        api_key_id, model, stage, policy_version, rule_id, detector, category,
                        score, span_start, span_end, action, failure, decided_at, expires_at)
                    values (?, ?, ?, ?, ?, ?, 'input', ?, ?, ?, ?, 1, 0, 1, 'flag', ?, now(),
                        now() + interval '1 hour')
                    """)
                .params(
                    tenant,
                    UUID.randomUUID(),
                    request,
                    UUID.randomUUID(),
                    UUID.randomUUID(),
                    vector,
                    vector,
                    vector,
                    vector,
                    vector,
                    vector)
                .update();
          }
        });
    go("/console/policies/decisions");
    assertThat(page.locator("tbody tr").first()).isVisible();
    page.locator(".chart canvas").waitFor();
    assertNothingRan("decisions");
    go("/console/requests/" + request);
    assertThat(page.locator("tbody tr").first()).isVisible();
    assertNothingRan("request");
    for (String vector : VECTORS) {
      String said = URLEncoder.encode(vector, StandardCharsets.UTF_8);
      go("/console/policies/decisions?category=" + said + "&detector=" + said + "&action=" + said);
      assertNothingRan(vector);
      go("/console/requests?model=" + said + "&order=" + said);
      assertNothingRan(vector);
    }
    transactions.runInTenant(
        tenant,
        () ->
            jdbc.sql("delete from moderation_decision where request_id = ? and tenant_id = ?")
                .params(request, tenant)
                .update());
  }

  @Test
  void nothingRunsInWhatModelsSaid() {
    String all = String.join(" ", VECTORS);
    UUID policy =
        publish(
            """
            {"name": "Hostile", "rules": [{"id": "r", "type": "regex", "patterns": ["[A-Za-z]+"],
              "category": "c", "applies_to": "output", "action": "replace", "replacement": %s}]}
            """
                .formatted(JSON.writeValueAsString(all)));
    keepContent(true);
    UUID request = ask(all, 6);
    keepContent(false);
    withdraw(policy);
    go("/console/requests/" + request);
    press("Show what was said");
    assertThat(page.locator(".said .text").first()).containsText("<script>pwn()</script>");
    assertThat(page.locator(".said .text").nth(2)).containsText("<img src=x onerror=pwn()>");
    assertNothingRan("said");
    press("Replay");
    assertThat(page.locator(".replayed"))
        .hasAttribute("data-verdict", "equal", new HasAttributeOptions().setTimeout(60_000));
    assertNothingRan("replay");
  }

  /** The control: on a page without a policy they do run. */
  @Test
  void onAPlainPageTheyRun() {
    page.route(
        "**/plain",
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setContentType("text/html")
                    .setBody("<body>" + String.join("", VECTORS.subList(0, 4)))));
    go("/plain");
    page.waitForFunction("() => window.ran >= 3");
  }

  private void press(String text) {
    page.locator("main button", new LocatorOptions().setHasText(text)).first().click();
  }

  private void assertNothingRan(String where) {
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)))");
    assertThat((Integer) page.evaluate("() => window.ran")).as(where).isZero();
    assertThat(
            (Integer)
                page.evaluate(
                    """
                    () => document.querySelectorAll(
                        '#main :is(script, iframe, object, embed, base, meta, style, template, img, form form)'
                        + ', #main [onerror], #main [onload], #main [ontoggle], #main [href^="javascript" i]').length
                    """))
        .as(where)
        .isZero();
    assertThat(page.locator("main").textContent()).doesNotContain("[[49]]");
  }
}

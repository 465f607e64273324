package io.galerne.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page.LocatorOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions;
import com.microsoft.playwright.options.RequestOptions;
import io.galerne.demo.DemoTenant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who spent this, on which model, under which policy: found by clicking, and computed again. */
class RequestPagesIntegrationTests extends ConsoleBrowserTest {
  private static final int REPLAY_MILLIS_MAX = 60_000;

  @BeforeEach
  void enter() {
    signIn();
  }

  @AfterEach
  void keepNothing() {
    keepContent(false);
  }

  private void press(String text) {
    page.locator("main button", new LocatorOptions().setHasText(text)).first().click();
  }

  private void replay(String verdict) {
    press("Replay");
    assertThat(page.locator(".replayed"))
        .hasAttribute(
            "data-verdict", verdict, new HasAttributeOptions().setTimeout(REPLAY_MILLIS_MAX));
  }

  @Test
  void threeClicksTellWhoSpentItAndShowIt() {
    keepContent(true);
    UUID policy =
        publish(
            """
            {"name": "Watched", "rules": [{"id": "w", "type": "phrases", "phrases": ["lighthouse"],
              "category": "places", "applies_to": "input", "action": "flag"}]}
            """);
    UUID request = ask("Who keeps the lighthouse of Eckmühl? Answer in a few sentences.", 48);
    withdraw(policy);

    go("/console/usage?by=key");
    row("Demo key").locator("td.number a").click();
    page.locator("a[href='/console/requests/" + request + "']").click();
    assertThat(page.locator(".figures")).containsText("mistral-small");
    assertThat(page.locator(".figures")).containsText("Watched v1");
    assertThat(page.locator(".figures")).containsText("Demo key");
    assertThat(page.locator("main")).containsText("places");
    press("Show what was said");
    assertThat(page.locator(".said")).containsText("Who keeps the lighthouse of Eckmühl?");
    assertThat(page.locator(".said")).containsText("<|im_start|>");
    String answer = page.locator(".said .text").last().textContent();
    replay("equal");
    Locator texts = page.locator(".replayed .text");
    assertThat(texts.nth(0)).hasText(answer);
    assertThat(texts.nth(1)).hasText(answer);
    look("request");
    assertThat(complaints).isEmpty();

    go("/console/requests?order=newest");
    look("requests");
    go("/console/audit?action=request.read");
    page.locator("tbody a[href='/console/requests/" + request + "']").first().click();
    assertThat(page.locator("h1")).hasText("Request");
    go("/console/audit?action=request.replay");
    assertThat(page.locator("tbody tr").first()).containsText(request.toString());
  }

  @Test
  void whatAnInvoiceSumsUpLeadsToTheRequest() {
    UUID request = ask("Hello", 3);
    go("/console/invoices");
    page.locator("tbody a").first().click();
    row("mistral-small").locator("a").first().click();
    assertThat(page.locator("a[href='/console/requests/" + request + "']")).hasCount(1);
  }

  @Test
  void withoutContentItIsSaidKindly() {
    keepContent(false);
    UUID request = ask("Hello", 3);
    go("/console/requests/" + request);
    press("Show what was said");
    assertThat(page.locator(".said")).containsText("was not kept");
    replay("not-replayable");
    assertThat(page.locator(".replayed")).containsText("was not kept");
    look("request-without-content");
  }

  @Test
  void vectorsAreComputedAgainToo() {
    keepContent(true);
    page.request()
        .post(
            address("/v1/embeddings"),
            RequestOptions.create()
                .setHeader(
                    "Authorization", "Bearer " + data.readSecret(DemoTenant.KEY_FILE).orElseThrow())
                .setHeader("Content-Type", "application/json")
                .setData(
                    "{\"model\": \"mistral-embed\", \"input\": [\"The unusual lighthouse\"]}"));
    go("/console/requests?order=newest&model=mistral-embed");
    page.locator("tbody a").first().click();
    press("Show what was said");
    assertThat(page.locator(".said .text").first()).hasText("the unusual lighthouse");
    replay("equal");
  }

  @Test
  void whoMayNotAuditSeesTheBillAndNotTheWords() {
    keepContent(true);
    UUID request = ask("Hello", 3);
    signInAs("bill@demo.example", "billing_manager");
    go("/console/requests/" + request);
    assertThat(page.locator(".figures")).containsText("mistral-small");
    assertThat(page.locator("[hx-post]")).hasCount(0);
    for (String part : new String[] {"said", "replay"}) {
      Object status =
          page.evaluate(
              """
              async (path) => {
                const token = document.querySelector('meta[name="csrf-token"]').content;
                return (await fetch(path, {method: "POST", headers: {"X-CSRF-TOKEN": token}})).status;
              }
              """,
              "/console/requests/" + request + "/" + part);
      assertThat(status).isEqualTo(403);
    }
  }
}

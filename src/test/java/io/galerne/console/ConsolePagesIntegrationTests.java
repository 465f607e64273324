package io.galerne.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page.LocatorOptions;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.RequestOptions;
import io.galerne.browser.BrowserTest;
import io.galerne.demo.DemoTenant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tenant's pages in a real browser: what people do there, on a real ledger. */
class ConsolePagesIntegrationTests extends BrowserTest {
  @BeforeEach
  void enter() {
    signIn();
  }

  @Test
  void overviewAndUsageShowWhatTheLedgerHas() {
    answer();
    go("/console");
    assertThat(page.locator("#live .value").first()).isVisible();
    page.locator(".chart canvas").waitFor();
    look("overview");

    go("/console/usage?by=model");
    Locator row =
        page.locator("tbody tr", new LocatorOptions().setHasText("mistral-small")).first();
    row.locator("td.lead a").click();
    assertThat(page.locator("#model")).hasValue("mistral-small");
    page.locator(".chart canvas").waitFor();
    look("usage");
    assertThat(complaints).isEmpty();
    String csv = page.request().get(address("/console/usage.csv?by=model")).text();
    assertThat(csv).startsWith("model,requests,").contains("\r\nmistral-small,");
  }

  /** One answer through the API, with the demo key. */
  private void answer() {
    page.request()
        .post(
            address("/v1/chat/completions"),
            RequestOptions.create()
                .setHeader(
                    "Authorization", "Bearer " + data.readSecret(DemoTenant.KEY_FILE).orElseThrow())
                .setHeader("Content-Type", "application/json")
                .setData(
                    "{\"model\": \"mistral-small\", \"max_tokens\": 4,"
                        + " \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}"));
  }

  @Test
  void aKeyIsMadeShownOnceReplacedAndRevoked() {
    go("/console/keys");
    page.locator("[data-opens=create]").click();
    page.locator("#create #name").fill("Crawler <b>1</b>");
    page.locator("#create summary").click();
    page.locator("#create #networks").fill("not a network");
    page.locator("#create button[type=submit]").click();
    assertThat(page.locator("#create .problem")).isVisible();
    look("key-form");
    page.locator("#create #networks").fill("127.0.0.0/8");
    page.locator("#create #spend").fill("2.50");
    page.locator("#create button[type=submit]").click();
    String secret = page.locator("#secret").textContent();
    assertThat(secret).startsWith("gal_live_");
    look("keys");

    go("/console/keys");
    assertThat(page.content()).doesNotContain(secret).doesNotContain("<b>1</b>");
    Locator row = row("Crawler <b>1</b>");
    row.locator("[data-opens^=rotate]").click();
    row.locator("dialog button[type=submit]").click();
    assertThat(page.locator("#secret")).not().hasText(secret);
    page.onDialog(Dialog::accept);
    go("/console/keys");
    row("Crawler <b>1</b>").last().locator("form[action$=revoke] button").click();
    assertThat(page.locator(".note.good")).isVisible();
  }

  private Locator row(String text) {
    return page.locator("tbody tr", new LocatorOptions().setHasText(text));
  }

  @Test
  void peopleAreInvitedGivenRolesAndRemoved() {
    go("/console/people");
    page.locator("[data-opens=invite]").click();
    page.locator("#emails").fill("not an address");
    page.locator("#invite button[type=submit]").click();
    assertThat(page.locator("#invite .problem")).isVisible();
    page.locator("#emails").fill("grace@demo.example");
    page.locator("#invite button[type=submit]").click();
    String link = page.locator(".copyable code").textContent();
    assertThat(link).startsWith(address("/invitation?token=gal_invite_"));
    look("people");

    page.navigate(link);
    page.locator("#first").fill("Grace");
    page.locator("#password").fill("a fine long phrase");
    page.keyboard().press("Enter");
    page.waitForURL(url -> !url.contains("/invitation"));
    go("/console/people");
    assertThat(page.locator("h1")).hasText("This can’t be done"); // a member manages nothing

    context.clearCookies();
    signIn();
    go("/console/people");
    row("grace@demo.example").locator("[data-opens^=roles]").click();
    Locator dialog = row("grace@demo.example").locator("dialog");
    dialog.locator("input[value=developer]").check();
    dialog.locator("button[type=submit]").click();
    assertThat(row("grace@demo.example")).containsText("Developer");
    page.onDialog(Dialog::accept);
    row("grace@demo.example").locator("form[action$=remove] button").click();
    assertThat(row("grace@demo.example")).hasCount(0);
  }

  @Test
  void aBudgetIsSetAndItsForecastShown() {
    go("/console/limits");
    page.locator("#amount-").fill("no amount");
    page.locator("section", new LocatorOptions().setHas(page.locator("#amount-")))
        .locator("button[type=submit]")
        .click();
    assertThat(page.locator(".note.danger")).isVisible();
    page.locator("#amount-").fill("250");
    page.locator("section", new LocatorOptions().setHas(page.locator("#amount-")))
        .locator("button[type=submit]")
        .click();
    assertThat(page.locator(".note.good")).isVisible();
    assertThat(page.locator("main")).containsText("250.00");
    look("limits");
  }

  @Test
  void theTrailIsShownAndVerified() {
    go("/console/audit?action=user.create");
    assertThat(page.locator("tbody tr").first()).containsText("user.");
    look("audit");
    page.locator("form[action='/console/audit/verify'] button").click();
    assertThat(page.locator(".note.good")).containsText("The trail is whole");
  }

  @Test
  void anInvoiceLeadsDownToItsRequests() {
    answer();
    go("/console/invoices");
    look("invoices");
    page.locator("tbody a").first().click();
    look("invoice");
    page.locator("tbody tr")
        .filter(new Locator.FilterOptions().setHasText("mistral-small"))
        .locator("a")
        .first()
        .click();
    assertThat(page.locator("tbody tr").first()).containsText("mistral-small");
    look("invoice-requests");
  }

  @Test
  void modelsShowWhatRuns() {
    go("/console/models");
    assertThat(page.locator("[data-figure=rate-window]")).containsText("generated");
    look("models");
    assertThat(complaints).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console",
        "/console/usage?from=nonsense&to=&key=x&workspace=y&by=z&model=" + "m",
        "/console/keys?page=-1&q=%00",
        "/console/people?page=99999&q='",
        "/console/audit?from=2026-99-99&page=x&action=%25",
        "/console/invoices/2026-13",
        "/console/keys?page=99999999999"
      })
  void badFiltersBreakNothing(String path) {
    Response response = page.navigate(address(path));
    assertThat(response.status()).isLessThan(500);
  }
}

package io.galerne.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.options.RequestOptions;
import io.galerne.browser.BrowserTest;
import io.galerne.identity.OrganizationRole;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Deployments in a real browser, with engines that are really loaded. */
class DeploymentsPageIntegrationTests extends BrowserTest {
  private static final ContainsTextOptions SOON = new ContainsTextOptions().setTimeout(60_000);

  @Test
  void anOperatorBringsOneUpStopsItAndRemovesIt() {
    signIn();
    go("/console/deployments");
    assertThat(page.locator(".nothing h2")).hasText("No deployments");
    look("deployments-none");
    page.locator("#new-deployment").click();
    fill("Own Model", "1048576");
    submit();
    assertThat(page.locator("#name ~ .problem")).isVisible();
    fill("harbour", "1048576");
    submit();
    assertThat(page.locator("#kv ~ .problem")).containsText("1048576 MiB");
    assertThat(page.locator("#kv ~ .problem")).containsText("but");
    look("deployment-form");

    fill("harbour", "16");
    submit();
    assertThat(page.locator("#live")).containsText("ready", SOON);
    assertThat(page.locator("main")).containsText("16 MiB");
    assertThat(page.locator("#yaml")).containsText("kv-memory-mib: 16");
    look("deployment");
    go("/console/deployments");
    assertThat(page.locator("tbody tr")).containsText("harbour");
    look("deployments");

    page.locator("tbody a").click();
    page.onDialog(Dialog::accept);
    page.locator("#changes form[action$=stop] button").click();
    assertThat(page.locator("#live")).containsText("stopped", SOON);
    page.locator("#changes form[action$=start] button").click();
    assertThat(page.locator("#live")).containsText("ready", SOON);
    page.locator("#changes form[action$=remove] button").click();
    assertThat(page.locator(".nothing")).isVisible();
    assertThat(complaints).allMatch(text -> text.contains("422"));
  }

  @Test
  void whoeverIsNoOperatorSeesAndChangesNothing() {
    signInAsNew("harbour.pilot@demo.example", OrganizationRole.ADMIN);
    go("/console/deployments");
    assertThat(page.locator("h1")).hasText("Deployments");
    assertThat(page.locator("#new-deployment")).hasCount(0);
    assertThat(page.navigate(address("/console/deployments/new")).status()).isEqualTo(403);
    assertThat(page.navigate(address("/console/deployments/" + UUID.randomUUID())).status())
        .isEqualTo(404);
    go("/console/deployments");
    String token = page.locator("meta[name=csrf-token]").getAttribute("content");
    assertThat(
            page.request()
                .post(
                    address("/console/deployments"),
                    RequestOptions.create().setHeader("X-CSRF-TOKEN", token))
                .status())
        .isEqualTo(403);
  }

  private void fill(String name, String kv) {
    page.locator("#name").fill(name);
    page.locator("#model").fill("harbour-model");
    page.locator("#kv").fill(kv);
    page.locator("#threads").fill("1");
    page.locator("#sequences").fill("4");
    page.locator("#context").fill("512");
    page.locator("#spillOver").selectOption("open-mistral-7b");
  }

  private void submit() {
    Locator button = page.locator("main form.placed button[type=submit]");
    page.waitForResponse(response -> response.request().method().equals("POST"), button::click);
    page.waitForLoadState();
  }
}

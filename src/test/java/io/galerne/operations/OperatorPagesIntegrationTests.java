package io.galerne.operations;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page.LocatorOptions;
import com.microsoft.playwright.options.RequestOptions;
import io.galerne.browser.BrowserTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operators' pages in a real browser: who gets in, and what they do with tenants and plans. */
class OperatorPagesIntegrationTests extends BrowserTest {
  private static final String HOSTILE = "<img src=x onerror=\"document.title='owned'\">";

  @Test
  void aTenantIsMadeMovedToAnotherPlanSuspendedAndReadmitted() {
    signIn();
    go("/operator");
    page.locator("[data-opens=new-tenant]").click();
    page.locator("#new-name").fill("Atelier " + HOSTILE);
    page.locator("#new-email").fill("nobody");
    page.locator("#new-tenant button[type=submit]").click();
    assertThat(page.locator("#new-tenant .problem")).isVisible();
    look("operator-tenant-form");
    page.locator("#new-email").fill("ines@atelier.example");
    page.locator("#new-tenant button[type=submit]").click();
    String invitation = page.locator("#owner-link").textContent();
    assertThat(invitation).startsWith(address("/invitation?token=gal_invite_"));

    go("/operator?q=atelier&order=name");
    assertThat(page.locator("tbody tr")).hasCount(1);
    look("operator-tenants");
    page.locator("tbody a").click();
    assertThat(page.locator("h1")).hasText("Atelier " + HOSTILE);
    page.locator("#plan").selectOption("tier-3");
    page.locator("form:has(#plan) button[type=submit]").click();
    assertThat(page.locator(".note.good")).isVisible();
    assertThat(page.locator("main")).containsText("tier-3, version 1");
    page.onDialog(Dialog::accept);
    page.locator("form[action$=suspend] button").click();
    assertThat(page.locator(".note.warning")).isVisible();
    look("operator-tenant");
    page.locator("form[action$=resume] button").click();
    assertThat(page.locator("form[action$=suspend]")).isVisible();
    assertThat(page.title()).doesNotContain("owned");
    assertThat(complaints).allMatch(text -> text.contains("422"), "only the refused form");
    assertThat(platformTrail())
        .contains("organization.create")
        .contains("organization.owner.invite")
        .contains("organization.read")
        .contains("organization.update");

    page.navigate(invitation);
    page.locator("#first").fill("Inès");
    page.locator("#password").fill("a fine long phrase");
    page.keyboard().press("Enter");
    page.waitForURL(url -> !url.contains("/invitation"));
    go("/console");
    assertThat(page.locator("h1")).hasText("Overview"); // the owner of the new tenant
    assertClosed();
  }

  /** Whoever is no operator sees what an address shows that leads nowhere. */
  private void assertClosed() {
    APIResponse unknown = page.request().get(address("/operator/there-is-no-such-page"));
    for (String path :
        List.of(
            "/operator",
            "/operator/plans",
            "/operator/plans/new",
            "/operator/plans/standard",
            "/operator/people",
            "/operator/tenants/00000000-0000-4000-8000-00000000de30")) {
      APIResponse closed = page.request().get(address(path));
      assertThat(closed.status()).as(path).isEqualTo(404);
      assertThat(bare(closed, path)).isEqualTo(bare(unknown, "/operator/there-is-no-such-page"));
    }
    go("/console");
    assertThat(page.locator("nav a[href^='/operator']")).hasCount(0);
    for (String path : List.of("/operator/plans", "/operator/tenants", "/operator/people")) {
      assertThat(
              page.request()
                  .post(address(path), RequestOptions.create().setHeader("X-CSRF-TOKEN", csrf()))
                  .status())
          .as(path)
          .isEqualTo(404);
    }
  }

  private static String bare(APIResponse response, String path) {
    return response
        .text()
        .replace(path, "")
        .replaceAll("name=\"_csrf\" value=\"[^\"]*\"|csrf-token\" content=\"[^\"]*\"", "");
  }

  private String csrf() {
    return String.valueOf(page.evaluate("document.querySelector('meta[name=csrf-token]').content"));
  }

  private String platformTrail() {
    return page.request()
        .get(
            address("/v1/admin/platform/audit-logs?limit=100"),
            RequestOptions.create()
                .setHeader("x-api-key", data.readSecret("operator-key").orElseThrow()))
        .text();
  }

  @Test
  void aPlanIsMadeChangedAndTakenByWhoeverIsOnIt() {
    signIn();
    go("/operator/plans/new");
    page.locator("#name").fill("Not A Name");
    page.locator("#weight").fill("heavy");
    page.locator("main form.card button[type=submit]").click();
    assertThat(page.locator("#weight-problem")).isVisible();
    look("operator-plan-form");
    page.locator("#name").fill("gold");
    page.locator("#weight").fill("8");
    page.locator("#requests").fill("25");
    page.locator("#minute").fill("1 000 000");
    page.locator("#cap").fill("1500.50");
    page.locator("[name=model]").first().fill("mistral-small");
    page.locator("[name=modelMinute]").first().fill("50000");
    page.locator("main form.card button[type=submit]").click();
    assertThat(page.locator(".note.good")).isVisible();
    assertThat(row("gold")).containsText("1,500.50");
    look("operator-plans");
    row("gold").locator("a").first().click();
    page.locator("#weight").fill("9");
    page.locator("main form.card button[type=submit]").click();
    assertThat(row("gold")).containsText("version 2");
    row("gold").locator("a").first().click();
    assertThat(page.locator("section.card tbody tr")).hasCount(2);
    look("operator-plan");
    go("/operator/plans/new");
    page.locator("#name").fill("gold");
    page.locator("main form.card button[type=submit]").click();
    assertThat(page.locator(".note.danger")).containsText("already");
    assertThat(platformTrail()).contains("plan.create").contains("plan.update");
  }

  private Locator row(String text) {
    return page.locator("tbody tr", new LocatorOptions().setHasText(text));
  }

  /** An installation without a demo: the operator's key makes the first person. */
  @Test
  void aPersonOfThePlatformAloneComesInByALinkAndSeesNoTenantsPages() {
    APIResponse made =
        page.request()
            .post(
                address("/v1/admin/platform/operators"),
                RequestOptions.create()
                    .setHeader("x-api-key", data.readSecret("operator-key").orElseThrow())
                    .setHeader("Content-Type", "application/json")
                    .setData("{\"email\": \"Root@ops.example\", \"first_name\": \"Noor\"}"));
    assertThat(made.status()).as(made.text()).isEqualTo(200);
    String link = made.text().replaceAll(".*\"sign_in_link\":\"([^\"]+)\".*", "$1");
    page.navigate(link);
    page.locator("main button[type=submit]").click();
    assertThat(page.locator("h1")).hasText("Tenants");
    assertThat(page.locator("nav a[href^='/console'], nav a[href^='/chat']")).hasCount(0);
    assertThat(page.request().get(address("/console")).status()).isEqualTo(404);
    assertThat(page.request().get(address("/chat")).status()).isEqualTo(404);
    assertThat(page.locator("main")).not().containsText("Platform");
    go("/operator/people");
    assertThat(row("root@ops.example")).containsText("you");
    look("operator-people");
    page.onDialog(Dialog::accept);

    context.clearCookies();
    signIn();
    go("/operator/people");
    row("root@ops.example").locator("form[action$=dismiss] button").click();
    assertThat(row("root@ops.example")).hasCount(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/operator", "/operator/plans", "/operator/people"})
  void whoIsNotSignedInIsAskedToBe(String path) {
    go(path);
    assertThat(page.url()).contains("/sign-in?next=");
  }

  @Test
  void thePagesAreInFrenchToo() {
    signIn();
    go("/operator");
    page.locator(".whoami .person").click();
    page.locator("button[name=language]").last().click();
    assertThat(page.locator("h1")).hasText("Locataires");
    for (String path : List.of("/operator/plans", "/operator/plans/standard", "/operator/people")) {
      go(path);
      assertThat(page.content()).doesNotContain("??");
    }
  }
}

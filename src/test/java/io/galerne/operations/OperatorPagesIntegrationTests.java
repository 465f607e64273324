package io.galerne.operations;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page.LocatorOptions;
import com.microsoft.playwright.options.RequestOptions;
import com.microsoft.playwright.options.SelectOption;
import io.galerne.audit.Actor;
import io.galerne.browser.BrowserTest;
import io.galerne.catalog.CatalogProperties;
import io.galerne.database.OwnerDatabase;
import io.galerne.database.TestDatabase;
import io.galerne.demo.DemoTenant;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.People;
import io.galerne.identity.Permission;
import io.galerne.identity.RefusedException;
import io.galerne.store.ModelStore;
import io.galerne.store.StoreFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** The operators' pages in a real browser: who gets in, and what they do with tenants and plans. */
class OperatorPagesIntegrationTests extends BrowserTest {
  @Autowired CatalogProperties catalog;
  @Autowired TestDatabase.Database database;

  private static final String HOSTILE = "<img src=x onerror=\"window.owned=1\">";

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
    assertThat(page.evaluate("window.owned === undefined")).isEqualTo(true);
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
    APIResponse unknown = html("/operator/there-is-no-such-page");
    for (String path :
        List.of(
            "/operator",
            "/operator/plans",
            "/operator/plans/new",
            "/operator/plans/standard",
            "/operator/people",
            "/operator/models",
            "/operator/models/addition",
            "/operator/engines",
            "/operator/engines/live",
            "/operator/health",
            "/operator/health/live",
            "/operator/configuration",
            "/operator/floor",
            "/operator/tenants/00000000-0000-4000-8000-00000000de30")) {
      APIResponse closed = html(path);
      assertThat(closed.status()).as(path).isEqualTo(404);
      assertThat(bare(closed, path)).isEqualTo(bare(unknown, "/operator/there-is-no-such-page"));
    }
    go("/console");
    assertThat(page.locator("nav a[href^='/operator']")).hasCount(0);
    for (String path :
        List.of(
            "/operator/plans",
            "/operator/tenants",
            "/operator/people",
            "/operator/models",
            "/operator/floor",
            "/operator/floor/0/activate")) {
      assertThat(
              page.request()
                  .post(address(path), RequestOptions.create().setHeader("X-CSRF-TOKEN", csrf()))
                  .status())
          .as(path)
          .isEqualTo(404);
    }
  }

  private APIResponse html(String path) {
    return page.request()
        .get(address(path), RequestOptions.create().setHeader("Accept", "text/html"));
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
  void aPersonOfThePlatformAloneComesInByALinkAndSeesNoTenantsPagesButDeployments() {
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
    Locator tenants = page.locator("nav a[href^='/console'], nav a[href^='/chat']");
    assertThat(tenants).hasCount(1);
    assertThat(tenants).hasAttribute("href", "/console/deployments");
    for (String path : List.of("/console/keys", "/console/deploymentsx")) {
      assertThat(page.request().get(address(path)).status()).as(path).isEqualTo(404);
    }
    assertThat(page.request().get(address("/console")).status()).isEqualTo(404);
    assertThat(page.request().get(address("/chat")).status()).isEqualTo(404);
    assertThat(page.locator("main")).not().containsText("Platform");
    go("/operator/people");
    assertThat(row("root@ops.example")).containsText("you");
    look("operator-people");
    seesDeployments();
    page.onDialog(Dialog::accept);

    context.clearCookies();
    signIn();
    go("/operator/people");
    row("root@ops.example").locator("form[action$=dismiss] button").click();
    assertThat(row("root@ops.example")).hasCount(0);
  }

  /** Those that everybody has, and each tenant's, from its own page too. */
  private void seesDeployments() {
    go("/console/deployments");
    assertThat(page.locator("main")).containsText("every organisation has");
    assertThat(page.locator("#new-deployment")).hasCount(0);
    assertThat(page.request().get(address("/console/deployments/new")).status()).isEqualTo(404);
    look("operator-deployments");
    page.locator("#organization").selectOption(new SelectOption().setIndex(1));
    page.locator("form.filters button").click();
    assertThat(page.locator("main")).containsText("on capacity of their own");
    page.locator("#new-deployment").click();
    assertThat(page.locator("h1")).containsText("New deployment");

    go("/operator/tenants/00000000-0000-4000-8000-00000000de30");
    page.locator("#state-form a").click();
    assertThat(page.locator("main")).containsText("Models of Demo on capacity of their own");
  }

  @Test
  void theEngineIsWatchedWhileItAnswers() {
    signIn();
    go("/operator/engines");
    page.locator(".engine").first().waitFor();
    for (int i = 0; i < 4; i++) {
      assertThat(asked("How are you today, number " + i, 60)).isEqualTo(200);
    }
    Locator engine = page.locator(".engine", new LocatorOptions().setHasText("mistral-small"));
    assertThat(engine.locator("[data-f=first]")).containsText("ms");
    assertThat(engine.locator("tbody tr")).containsText("Demo");
    page.locator(".engine canvas").first().waitFor();
    look("operator-engines");
    assertThat(complaints).isEmpty();
  }

  @Test
  void healthAndConfigurationAreShownAndSecretsAreNot() {
    signIn();
    go("/operator/health");
    assertThat(page.locator("main")).containsText("this one");
    assertThat(page.locator("main")).containsText(Pattern.compile("V\\d{2}"));
    look("operator-health");
    go("/operator/configuration");
    assertThat(page.locator("main")).containsText("galerne.demo.enabled");
    look("operator-configuration");
    go("/operator/configuration?show=all&q=galerne.limits");
    assertThat(row("galerne.limits.default-plan")).containsText("default");
    go("/operator/configuration?show=all&q=password");
    assertThat(page.content())
        .doesNotContain(data.readSecret(DemoTenant.PASSWORD_FILE).orElseThrow());
    assertThat(complaints).isEmpty();
    assertThat(platformTrail()).contains("configuration.read");
  }

  @Test
  void aFloorIsCheckedPublishedAndTakenAway() {
    signIn();
    go("/operator/floor");
    page.locator("#text").fill("name: <b>x</b>\nrules: nothing");
    page.locator("button[value=publish]").click();
    assertThat(page.locator(".note.danger")).isVisible();
    page.locator("#text")
        .fill(
            "name: Floor\nrules:\n  - id: codename\n    type: phrases\n"
                + "    phrases: [\"project zephyr\"]\n    category: "
                + "codename\n"
                + "    action: block\n");
    page.locator("button[value=validate]").click();
    assertThat(page.locator(".note.good")).isVisible();
    look("operator-floor-checked");
    page.locator("button[value=publish]").click();
    assertThat(page.locator(".note.good")).isVisible();
    try {
      assertThat(asked("Tell me about Project Zephyr")).isNotEqualTo(200);
      assertThat(asked("Hello")).isEqualTo(200);
      look("operator-floor");
    } finally {
      page.onDialog(Dialog::accept);
      page.locator("form[action$='/0/activate'] button").click();
    }
    assertThat(page.locator(".note.good")).isVisible();
    assertThat(asked("Tell me about Project Zephyr")).isEqualTo(200); // the control
    assertThat(platformTrail()).contains("policy.floor.publish").contains("policy.floor.activate");
  }

  private int asked(String question) {
    return asked(question, 2);
  }

  private int asked(String question, int tokens) {
    return page.request()
        .post(
            address("/v1/chat/completions"),
            RequestOptions.create()
                .setHeader(
                    "Authorization", "Bearer " + data.readSecret(DemoTenant.KEY_FILE).orElseThrow())
                .setHeader("Content-Type", "application/json")
                .setData(
                    "{\"model\": \"mistral-small\", \"max_tokens\": "
                        + tokens
                        + ", \"messages\": "
                        + "[{\"role\": \"user\", \"content\": \""
                        + question
                        + "\"}]}"))
        .status();
  }

  @Test
  void weightsAreAddedWithTheirDigestOrRefusedWithTheReason() throws IOException {
    Path folder = data.file("import");
    Files.createDirectories(folder);
    Files.write(folder.resolve("no-weights.gguf"), "GGUX".getBytes(StandardCharsets.UTF_8));
    signIn();
    go("/operator/models");
    assertThat(page.locator("main")).containsText("mistral-small");
    look("operator-models");
    page.locator("[data-opens=add]").click();
    page.locator("#address").fill("https://elsewhere.example/a.gguf");
    page.locator("#add button[type=submit]").click();
    assertThat(page.locator("#add .problem")).isVisible();
    look("operator-model-form");
    page.locator("#address").fill("");
    page.locator("#file").selectOption("no-weights.gguf");
    page.locator("#add button[type=submit]").click();
    assertThat(page.locator("#addition .note.danger")).isVisible();
    look("operator-model-refused");
    assertThat(platformTrail()).contains("model.add.begin").contains("model.add.refused");

    StoreFixture.model(5).write(folder.resolve("tiny.gguf"));
    try {
      go("/operator/models");
      page.locator("[data-opens=add]").click();
      page.locator("#file").selectOption("tiny.gguf");
      page.locator("#licence").fill(HOSTILE);
      page.locator("#id").fill("tiny-test");
      page.locator("#add button[type=submit]").click();
      assertThat(page.locator("#addition .note.good")).containsText("tiny-test");
      assertThat(page.locator("section.weights", new LocatorOptions().setHasText("tiny-test")))
          .containsText(HOSTILE);
      assertThat(page.evaluate("window.owned === undefined")).isEqualTo(true);
    } finally {
      new ModelStore(catalog.store()).remove("tiny-test");
    }
  }

  /** Whoever could make a link for an operator could become one, an owner of the tenant too. */
  @Test
  void anotherOwnerCannotSignInAsAnOperator() {
    People.Reference operator = people.withEmail(DemoTenant.OWNER).getFirst();
    assertThatThrownBy(() -> links.issue(owner(operator, UUID.randomUUID()), operator.memberId()))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("operates the platform");
    assertThat(links.issue(owner(operator, operator.memberId()), operator.memberId()))
        .startsWith("gal_link_"); // the control
  }

  private static TenantAdmin owner(People.Reference of, UUID member) {
    return new TenantAdmin(
        of.tenantId(),
        member,
        member,
        EnumSet.allOf(Permission.class),
        Map.of(),
        new Actor(Actor.Kind.MEMBER, of.memberId(), null, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/operator", "/operator/plans", "/operator/people"})
  void whoIsNotSignedInIsAskedToBe(String path) {
    go(path);
    assertThat(page.url()).contains("/sign-in?next=");
  }

  @Test
  void thousandsOfTenantsAreAPageQuickly() throws SQLException {
    OwnerDatabase.execute(
        database,
        """
        do $$
        declare
          id uuid;
        begin
          for i in 1 .. 5000 loop
            id := gen_random_uuid();
            perform set_config('galerne.tenant', id::text, true);
            insert into tenant (tenant_id, name, created_at, version, plan)
              values (id, 'Many ' || i, now() - i * interval '1 minute', 0, 'free');
            insert into budget (tenant_id, scope, scope_id, period, spent_picos)
              values (id, 'organisation', id, galerne_period(), i * 1000000::numeric);
          end loop;
        end
        $$
        """);
    signIn();
    go("/operator?q=many&order=spend&page=3");
    assertThat(page.locator("tbody tr")).hasCount(25);
    assertThat(page.locator("[role=status]").first()).containsText("5,000");
    long quickest = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long begin = System.nanoTime();
      assertThat(page.request().get(address("/operator?q=many&order=spend&page=100")).status())
          .isEqualTo(200);
      quickest = Math.min(quickest, System.nanoTime() - begin);
    }
    assertThat(Duration.ofNanos(quickest)).isLessThan(Duration.ofMillis(300));
  }

  @Test
  void thePagesAreInFrenchToo() {
    signIn();
    go("/operator");
    page.locator(".whoami .person").click();
    page.locator("#user-menu button[name=language]").click();
    assertThat(page.locator("h1")).hasText("Locataires");
    for (String path :
        List.of(
            "/operator/plans",
            "/operator/plans/standard",
            "/operator/people",
            "/operator/models",
            "/operator/engines",
            "/operator/health",
            "/operator/configuration",
            "/operator/floor")) {
      go(path);
      assertThat(page.content()).doesNotContain("??");
    }
  }
}

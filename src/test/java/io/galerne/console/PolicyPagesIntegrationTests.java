package io.galerne.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page.LocatorOptions;
import com.microsoft.playwright.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies in a real browser: written, tried, published, compared, and what they decided. */
class PolicyPagesIntegrationTests extends ConsoleBrowserTest {
  private static final String NAMED =
      """
      {"name": "%s", "rules": [{"id": "bird", "type": "phrases", "phrases": ["%s"],
        "category": "birds", "applies_to": "input", "action": "%s"}]}
      """;

  @BeforeEach
  void enter() {
    signIn();
  }

  private Locator editor() {
    return page.locator("#policy-text");
  }

  private void press(String text) {
    page.locator("main button", new LocatorOptions().setHasText(text)).first().click();
  }

  @Test
  void aPolicyIsWrittenTriedPublishedComparedAndRolledBack() {
    page.onDialog(Dialog::accept);
    go("/console/policies/new");
    assertThat(page.locator("#issues .ok")).isHidden();
    editor().fill(editor().inputValue().replace("House rules", "Reception"));
    assertThat(page.locator("#issues .ok")).isVisible();
    page.locator("#sample").fill("Write to ada@example.com about project nightjar, please.");
    press("Try it");
    assertThat(page.locator(".spans mark.redact")).hasText("ada@example.com");
    assertThat(page.locator(".spans mark.replace")).hasText("project nightjar");
    assertThat(page.locator(".received"))
        .hasText("Write to [pii] about [an internal project], please.");
    look("policy-new");
    press("Create draft");
    assertThat(page.locator(".note.good")).isVisible();
    assertThat(page.locator(".page-head")).containsText("Draft");

    press("Save and publish");
    assertThat(page.locator(".page-head")).containsText("Version 1 in force");
    editor().fill(editor().inputValue().replace("action: redact", "action: block"));
    press("Save and publish");
    assertThat(page.locator(".page-head")).containsText("Version 2 in force");
    page.locator("#sample").fill("Write to ada@example.com");
    press("Try it");
    assertThat(page.locator(".tried")).hasAttribute("data-verdict", "BLOCKED");
    assertThat(page.locator(".received")).containsText("Write to — the answer ends here");
    page.locator("#version").selectOption("1");
    press("Try it");
    assertThat(page.locator(".tried")).hasAttribute("data-verdict", "CHANGED");

    page.locator("#from").selectOption("1");
    page.locator("#to").selectOption("2");
    press("Show differences");
    assertThat(page.locator(".diff")).hasAttribute("data-changes", "1");
    assertThat(page.locator(".diff .before")).containsText("redact");
    assertThat(page.locator(".diff .after")).containsText("block");
    assertThat(page.locator(".diff dt")).containsText("personal-data");
    look("policy");
    press("Put in force");
    assertThat(page.locator(".page-head")).containsText("Version 1 in force");
    press("Out of force");
    assertThat(page.locator(".page-head")).containsText("Out of force");
    go("/console/policies");
    assertThat(row("Reception")).containsText("Out of force");
    look("policies");
    assertThat(complaints).isEmpty();
  }

  @Test
  void mistakesStandBesideTheirLines() {
    go("/console/policies/new");
    editor().fill("name: Broken\nrules:\n  - id: a b\n    type: phrases\n    phrases: [x]\n");
    Locator wrong = page.locator(".gutter .wrong");
    assertThat(wrong).hasText(new String[] {"3"});
    assertThat(page.locator(".mirror .wrong"))
        .hasAttribute("data-message", Pattern.compile("letters.*required"));
    page.locator("[data-goto]").first().click();
    assertThat(page.evaluate("getSelection().toString()")).isEqualTo("  - id: a b");
    look("policy-wrong");
    editor().fill("name: Broken\nrules: [\n");
    assertThat(wrong).hasCount(1);
    press("Create draft");
    assertThat(page.locator("#issues [data-line]")).hasCount(1);
    assertThat(editor()).hasValue(Pattern.compile("name: Broken\\s+rules: \\[\\s*"));
    page.locator("[data-written=json]").click();
    assertThat(page.locator(".toast")).isVisible();

    editor().fill("name: Mended\nrules: []\n");
    assertThat(page.locator("#issues .ok")).isVisible();
    page.locator("[data-written=json]").click();
    assertThat(editor()).hasValue(Pattern.compile("\\{\\s+\"name\" : \"Mended\"[\\s\\S]*"));
    page.locator("[data-written=yaml]").click();
    assertThat(editor()).hasValue(Pattern.compile("name: Mended\\s+rules: \\[\\]\\s*"));
  }

  @Test
  void aDryRunShowsWhatADraftWouldChange() {
    UUID id = publish(NAMED.formatted("Aviary", "canary", "flag"));
    go("/console/policies/" + id);
    editor().fill(NAMED.formatted("Aviary", "canary", "block"));
    press("Save draft");
    page.locator("[name=source][value=given]").check();
    page.locator("#texts").fill("A canary sings.\nA dog barks.");
    press("Start the dry run");
    assertThat(page.locator(".dryrun")).containsText("1 of 4 judgements would change");
    assertThat(page.locator(".dryrun tbody").last()).containsText("A canary sings.");
    look("policy-dry-run");
    withdraw(id);
  }

  @Test
  void decisionsAreCountedFilteredAndTakenAway() throws Exception {
    UUID id = publish(NAMED.formatted("Ornithology", "ostrich", "block"));
    UUID request = ask("Tell me of the ostrich", 4);
    withdraw(id);
    go("/console/policies/decisions?category=birds&action=block&detector=phrases");
    Locator first = page.locator("tbody tr").first();
    assertThat(first).containsText("Ornithology v1");
    page.locator(".chart canvas").waitFor();
    look("decisions");
    go("/console/policies/decisions?category=birds&action=flag");
    assertThat(row("Ornithology v1")).hasCount(0);
    String csv =
        page.request()
            .get(address("/console/policies/decisions/export?category=birds&action=block"))
            .text();
    assertThat(csv).startsWith("id,request_id,").contains("\"" + request + "\"");
    String none =
        page.request()
            .get(address("/console/policies/decisions/export?category=none&format=jsonl"))
            .text();
    assertThat(none).isEmpty();
    go("/console/policies/decisions?category=birds&action=block");
    page.locator("tbody tr a[href^='/console/requests/']").first().click();
    assertThat(page.locator(".page-head")).containsText("blocked");
    assertThat(page.locator("main")).containsText("Ornithology v1");
  }

  @Test
  void aDeveloperReadsAndPublishesNothing() {
    UUID id = publish(NAMED.formatted("Developers", "emu", "flag"));
    signInAs("dev-policies@demo.example", "developer");
    go("/console/policies/" + id);
    assertThat(editor()).hasAttribute("readonly", "readonly");
    assertThat(page.locator("#sample")).hasCount(0);
    assertThat(page.locator("form[action$=activate]")).hasCount(0);
    Response refused = page.navigate(address("/console/policies/new"));
    assertThat(refused.status()).isEqualTo(403);
    go("/console/policies/" + id);
    Object status =
        page.evaluate(
            """
            async (path) => {
              const token = document.querySelector('meta[name="csrf-token"]').content;
              const answer = await fetch(path, {method: "POST", headers: {"X-CSRF-TOKEN": token},
                body: new URLSearchParams({text: "name: x\\nrules: []", then: "publish"})});
              return answer.status;
            }
            """,
            "/console/policies/" + id);
    assertThat(status).isEqualTo(403);
    withdraw(id);
  }

  @Test
  void theExamplesAreValidThere() throws Exception {
    go("/console/policies/new");
    for (String name : new String[] {"bank", "school", "hospital"}) {
      editor().fill("name: [");
      assertThat(page.locator("#issues .wrong")).isVisible();
      editor().fill(Files.readString(Path.of("config", "policies", name + ".yaml")));
      assertThat(page.locator("#issues .ok")).isVisible();
    }
  }

  @Test
  void whatTheOperatorSetIsSeenAndNotChanged() {
    go("/console/policies");
    Locator floor = page.locator("section.card", new LocatorOptions().setHasText("House floor"));
    assertThat(floor).containsText("weapons");
    assertThat(floor).containsText("read only");
    assertThat(floor).not().containsText("nerve agent");
    assertThat(floor.locator("button, input, textarea")).hasCount(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console/policies/nonsense",
        "/console/policies/00000000-0000-4000-8000-000000000000",
        "/console/policies/decisions?from=x&to=y&category=%25&detector='&action=%00&after=z",
        "/console/policies/decisions/export?format=exe&from=1",
        "/console/requests?page=99999999&order=x&from=2026-99-99",
        "/console/requests/nonsense",
        "/console/requests/00000000-0000-4000-8000-000000000000"
      })
  void badAddressesBreakNothing(String path) {
    assertThat(page.request().get(address(path)).status()).isLessThan(500);
  }
}

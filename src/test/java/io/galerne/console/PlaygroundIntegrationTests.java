package io.galerne.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page.LocatorOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions;
import io.galerne.api.ClientPackages;
import io.galerne.browser.BrowserTest;
import io.galerne.demo.DemoTenant;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The playground in a real browser, on the bundled weights and a real database. */
class PlaygroundIntegrationTests extends BrowserTest {
  private static final int ANSWER_MILLIS_MAX = 120_000;

  @BeforeEach
  void openPlayground() {
    signIn();
    go("/console/playground");
  }

  @Test
  void streamsAnAnswerAndMeasuresIt() {
    ask("What is the capital of France?");
    awaitState("done");

    assertThat(page.locator(".answer .body")).containsText("Paris");
    assertThat(page.locator(".measured li").allTextContents())
        .hasSize(4)
        .anyMatch(text -> text.matches("[1-9]\\d* prompt tokens"))
        .anyMatch(text -> text.matches("[1-9]\\d* answer tokens"))
        .anyMatch(text -> text.matches("[1-9]\\d* ms to first token"))
        .anyMatch(text -> text.matches("[\\d.]+ tokens/s"));
    assertThat(complaints).isEmpty();
  }

  @Test
  void escapeStopsAnAnswer() {
    page.locator("[name=tokens]").fill("4000");
    ask("Write a very long story about the sea.");
    awaitState("streaming");
    page.keyboard().press("Escape");
    awaitState("stopped");

    assertThat(page.locator("[data-send]")).isVisible();
    assertThat(page.locator("[data-stop]")).isHidden();
  }

  @Test
  void staysOnThisMachine() {
    ask("Hello");
    awaitState("done");

    assertThat(requests).isNotEmpty().allMatch(url -> url.startsWith(address("/")));
  }

  @Test
  void runsNothingButItsOwn() {
    Object injected =
        page.evaluate(
            """
            () => {
              const script = document.createElement("script");
              try {
                script.textContent = "window.injected = true";
                document.head.append(script);
              } catch (refused) {
                return false;
              }
              return window.injected === true;
            }
            """);

    assertThat(injected).isEqualTo(false);
    assertThat(complaints)
        .anyMatch(
            text -> text.contains("Content Security Policy") || text.contains("TrustedScript"));
  }

  @Test
  void worksByKeyboard() {
    page.keyboard().press("Tab");
    assertThat(page.locator(".skip")).isFocused();

    page.locator("#curl-tab").focus();
    page.keyboard().press("ArrowRight");
    assertThat(page.locator("#python-tab")).isFocused();
    assertThat(page.locator("#python")).isVisible();
    assertThat(page.locator("#curl")).isHidden();
  }

  @Test
  void whatOneUsesIsCountedUnderOnesName() {
    ask("What is the capital of France?");
    awaitState("done");
    look("playground");
    go("/console/usage?by=key");

    assertThat(page.locator("tbody tr", new LocatorOptions().setHasText(DemoTenant.OWNER)))
        .containsText("person");
  }

  @Test
  void showsTheSameRequestForCurl() {
    ask("Hello");
    awaitState("done");
    page.locator("summary").first().click();
    assertThat(page.locator("#equivalent")).containsText("$GALERNE_API_KEY");
    assertThat(page.locator("#equivalent")).containsText("/v1/chat/completions");
  }

  @ParameterizedTest
  @CsvSource({
    "python, mistral-python, PYTHON, playground.py",
    "typescript, mistral-typescript, NODE, playground.mjs"
  })
  void theExamplesRunAsTheyAreShown(
      String example, String packages, ClientPackages.Platform platform, String file)
      throws IOException {
    String lack = platform.lack();
    assumeTrue(lack.isEmpty(), lack);
    String shown = page.locator("#" + example + " pre").textContent();
    ClientPackages.Result result =
        new ClientPackages(packages, platform)
            .run(
                file,
                shown,
                Map.of("GALERNE_API_KEY", data.readSecret(DemoTenant.KEY_FILE).orElseThrow()));
    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output()).contains("Paris");
  }

  private void ask(String question) {
    page.locator("[name=temperature]").fill("0");
    page.locator("[name=message]").fill(question);
    page.keyboard().press("Enter");
  }

  /** Waits until the last answer has come to this state, or to an end. */
  private void awaitState(String state) {
    Locator answer = page.locator(".answer").last();
    assertThat(answer)
        .hasAttribute(
            "data-state",
            Pattern.compile(state + "|done|failed|stopped"),
            new HasAttributeOptions().setTimeout(ANSWER_MILLIS_MAX));
    assertThat(answer.getAttribute("data-state")).as(answer.textContent()).isEqualTo(state);
  }
}

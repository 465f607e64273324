package io.galerne.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions;
import io.galerne.browser.BrowserTest;
import io.galerne.demo.DemoTenant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The console in a real browser, on the bundled weights and a real database. */
class ConsoleIntegrationTests extends BrowserTest {
  private static final int ANSWER_MILLIS_MAX = 120_000;

  @BeforeEach
  void openConsole() {
    signIn();
    go("/console");
  }

  @Test
  void streamsAnAnswerAndMeasuresIt() {
    ask(demoKey(), "What is the capital of France?");
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
  void figuresFollowTheEngine() {
    int before = generated();
    ask(demoKey(), "What is the capital of France?");
    awaitState("done");
    int answered = Integer.parseInt(page.locator(".measured b").nth(1).textContent());

    page.waitForCondition(() -> generated() >= before + answered);
    assertThat(page.locator("[data-figure=cache-blocks]")).containsText("0 of ");
  }

  @Test
  void theKeyStaysInMemory() {
    String key = demoKey();
    ask(key, "Hello");
    awaitState("done");
    page.locator("summary").click();

    assertThat(page.locator("#equivalent")).containsText("$GALERNE_API_KEY");
    assertThat(page.content()).doesNotContain(key);
    assertThat((String) page.evaluate("JSON.stringify([localStorage, sessionStorage])"))
        .doesNotContain(key);
    page.reload();
    assertThat(page.locator("[name=key]")).hasValue("");
  }

  @Test
  void explainsAWrongKeyAndKeepsTheQuestion() {
    ask("gal_live_nonsense", "Hello");
    awaitState("failed");

    assertThat(page.locator(".problem")).containsText("This key was not accepted");
    assertThat(page.locator("[name=message]")).hasValue("Hello");
  }

  @Test
  void escapeStopsAnAnswer() {
    page.locator("[name=tokens]").fill("4000");
    ask(demoKey(), "Write a very long story about the sea.");
    awaitState("streaming");
    page.keyboard().press("Escape");
    awaitState("stopped");

    assertThat(page.locator("[data-send]")).isVisible();
    assertThat(page.locator("[data-stop]")).isHidden();
  }

  @Test
  void staysOnThisMachine() {
    ask(demoKey(), "Hello");
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
  void remembersTheChosenTheme() {
    page.locator("#theme").click();
    page.reload();

    assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
  }

  private void ask(String key, String question) {
    page.locator("[name=key]").fill(key);
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

  /** Tokens that the engine has generated, as shown. */
  private int generated() {
    String shown = page.locator("[data-figure=generated]").textContent();
    return Integer.parseInt(shown.replace(",", ""));
  }

  private String demoKey() {
    return data.readSecret(DemoTenant.KEY_FILE).orElseThrow();
  }
}

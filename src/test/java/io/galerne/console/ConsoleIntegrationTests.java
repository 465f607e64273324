package io.galerne.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions;
import com.microsoft.playwright.options.ColorScheme;
import io.galerne.database.DataDirectory;
import io.galerne.database.TestDatabase;
import io.galerne.demo.DemoTenant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/** The console in a real browser, on the bundled weights and a real database. */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "galerne.demo.enabled=true")
@Import(TestDatabase.class)
class ConsoleIntegrationTests {
  private static final int ANSWER_MILLIS_MAX = 120_000;
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private static @Nullable Chromium chromium;

  @LocalServerPort private int port;
  @Autowired private DataDirectory data;
  private BrowserContext context;
  private Page page;

  /** What the browser complained about, and what it asked for. */
  private final List<String> complaints = new ArrayList<>();

  private final List<String> requests = new ArrayList<>();

  @BeforeAll
  static void startBrowser() {
    chromium =
        Chromium.start(Chromium.find().orElseGet(() -> abort("there is no chromium on the PATH")));
  }

  @AfterAll
  static void stopBrowser() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @BeforeEach
  void openPage() {
    open(new NewContextOptions().setViewportSize(1280, 900));
  }

  @AfterEach
  void closePage() {
    context.close();
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
    assertThat(context.cookies()).isEmpty();
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

    assertThat(requests).isNotEmpty().allMatch(url -> url.startsWith(address()));
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

  @ParameterizedTest
  @CsvSource({
    "desktop, 1280, LIGHT",
    "desktop, 1280, DARK",
    "phone, 390, LIGHT",
    "phone, 390, DARK"
  })
  void fitsEveryScreen(String screen, int width, ColorScheme theme) {
    context.close();
    open(new NewContextOptions().setViewportSize(width, 900).setColorScheme(theme));
    ask(demoKey(), "What is the capital of France?");
    awaitState("done");

    String name = screen + "-" + theme.name().toLowerCase(Locale.ROOT) + ".png";
    page.screenshot(
        new Page.ScreenshotOptions().setFullPage(true).setPath(SCREENSHOTS.resolve(name)));
    assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(width);
  }

  private void open(NewContextOptions options) {
    context = requireNonNull(chromium).browser().newContext(options);
    page = context.newPage();
    page.onConsoleMessage(message -> complaints.add(message.text()));
    page.onPageError(complaints::add);
    page.onRequest(request -> requests.add(request.url()));
    page.navigate(address());
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

  private String address() {
    return "http://localhost:" + port + "/";
  }

  private String demoKey() {
    return data.readSecret(DemoTenant.KEY_FILE).orElseThrow();
  }
}

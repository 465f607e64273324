package io.galerne.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.RequestOptions;
import io.galerne.demo.DemoTenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Takes the pictures of {@code docs/tour.md}, from a running demo that is really used. */
@Tag("tour")
class TourIntegrationTests extends BrowserTest {
  private static final Path PICTURES = Path.of("docs", "tour");
  private static final int BYTES_MAX = 150 * 1024;
  private static final int ANSWER_MILLIS_MAX = 120_000;

  @Test
  void pictures() throws IOException {
    Files.createDirectories(PICTURES);
    open(new NewContextOptions().setViewportSize(1200, 760).setLocale("en-GB"));
    signIn();
    use();
    chat();
    picture("chat");
    go("/console");
    page.locator(".chart canvas").waitFor();
    picture("overview");
    visit("usage", "/console/usage?by=model");
    visit("keys", "/console/keys");
    visit("limits", "/console/limits");
    deploy();
    picture("deployments");
    visit("audit", "/console/audit");
    visit("playground", "/console/playground");
    visit("policies", "/console/policies");
    visit("catalogue", "/operator/models");
    visit("engines", "/operator/engines");
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    page.setViewportSize(390, 760);
    go("/chat");
    page.locator("[data-state=ready]").waitFor();
    page.locator("[popovertarget=side]").first().click();
    page.locator(".history a").first().click();
    page.locator(".turn").last().waitFor();
    picture("phone");
  }

  private void visit(String name, String path) throws IOException {
    assertThat(page.navigate(address(path)).status()).as(path).isEqualTo(200);
    page.locator("main h1, main h2").first().waitFor();
    picture(name);
  }

  private void picture(String name) throws IOException {
    Path file = PICTURES.resolve(name + ".png");
    page.screenshot(new Page.ScreenshotOptions().setPath(file));
    assertThat(Files.size(file)).as(name).isLessThan(BYTES_MAX);
  }

  /** Requests of a client, so that there is something to see. */
  private void use() {
    String key = data.readSecret(DemoTenant.KEY_FILE).orElseThrow();
    for (String model :
        List.of("mistral-small", "mistral-tiny", "mistral-small", "open-mistral-7b")) {
      for (int i = 0; i < 4; i++) {
        page.request()
            .post(
                address("/v1/chat/completions"),
                RequestOptions.create()
                    .setHeader("Authorization", "Bearer " + key)
                    .setHeader("Content-Type", "application/json")
                    .setData(
                        """
                        {"model": "%s", "max_tokens": 16, "messages":
                          [{"role": "user", "content": "Name river number %d of Europe."}]}
                        """
                            .formatted(model, i)));
      }
    }
  }

  private void chat() {
    go("/chat");
    page.locator("[data-state=ready]").waitFor();
    page.locator("[data-opens=advanced]").click();
    page.locator("#temperature").fill("0");
    page.locator("#seed").fill("7");
    page.locator("#advanced [type=submit]").click();
    page.locator("#question").fill("What is the capital of France, and what is it known for?");
    page.keyboard().press("Enter");
    Locator done = page.locator("[data-state=ready]");
    page.locator(".turn").nth(1).waitFor();
    done.waitFor(new Locator.WaitForOptions().setTimeout(ANSWER_MILLIS_MAX));
  }

  private void deploy() {
    go("/console/deployments/new");
    page.locator("#name").fill("harbour");
    page.locator("#model").fill("mistral-small");
    page.locator("#kv").fill("32");
    page.locator("#threads").fill("1");
    page.locator("#spillOver").selectOption("open-mistral-7b");
    page.locator("main form.placed button[type=submit]").click();
    page.locator("#live .badge.good")
        .first()
        .waitFor(new Locator.WaitForOptions().setTimeout(ANSWER_MILLIS_MAX));
  }
}

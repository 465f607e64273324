package io.galerne.browser;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.galerne.audit.Actor;
import io.galerne.database.DataDirectory;
import io.galerne.database.TestDatabase;
import io.galerne.demo.DemoTenant;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Invitations;
import io.galerne.identity.OrganizationRole;
import io.galerne.identity.People;
import io.galerne.identity.SignInLinks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/**
 * What tests of pages share: one server with the demo tenant for all of them, a real Chromium, a
 * fresh profile of it for each test. {@link #signIn()} signs the demo's owner in; {@link
 * #look(String)} keeps a page's screenshots at two widths in both themes and checks it with axe.
 */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "galerne.demo.enabled=true",
      "galerne.moderation.floor=src/test/resources/moderation/house-floor.yaml"
    })
@Import(TestDatabase.class)
public abstract class BrowserTest {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  /** Of those whom {@link #signInAsNew} signs in. */
  protected static final String PASSWORD = "a fine long phrase";

  private static final int HEIGHT = 900;
  private static final Set<String> GRAVE = Set.of("serious", "critical");

  private static @Nullable Chromium chromium;

  @LocalServerPort protected int port;
  @Autowired protected DataDirectory data;
  @Autowired protected People people;
  @Autowired protected Invitations invitations;
  @Autowired protected SignInLinks links;
  protected BrowserContext context;
  protected Page page;

  /** What the browser complained about, and what it asked for. */
  protected final List<String> complaints = new ArrayList<>();

  protected final List<String> requests = new ArrayList<>();

  @BeforeAll
  static void startBrowser() {
    chromium =
        Chromium.start(Chromium.find().orElseGet(() -> abort("there is no chromium on the PATH")));
  }

  @AfterAll
  static void stopBrowser() {
    if (chromium != null) {
      chromium.close();
      chromium = null;
    }
  }

  @BeforeEach
  void openBrowser() {
    open(new NewContextOptions().setViewportSize(1280, HEIGHT).setLocale("en-GB"));
  }

  @AfterEach
  void closeBrowser() {
    context.close();
  }

  /** Begins anew, with another profile. */
  protected void open(NewContextOptions options) {
    if (context != null) {
      context.close();
    }
    context = requireNonNull(chromium).browser().newContext(options);
    page = context.newPage();
    page.onConsoleMessage(message -> complaints.add(message.text()));
    page.onPageError(complaints::add);
    page.onRequest(request -> requests.add(request.url()));
  }

  protected String address(String path) {
    return "http://localhost:" + port + path;
  }

  protected void go(String path) {
    page.navigate(address(path));
  }

  /** Signs the demo tenant's owner in, by the form. */
  protected void signIn() {
    signIn(DemoTenant.OWNER, data.readSecret(DemoTenant.PASSWORD_FILE).orElseThrow());
    page.waitForURL(url -> !url.contains("/sign-in"));
  }

  protected void signIn(String email, String password) {
    go("/sign-in");
    page.locator("[name=email]").fill(email);
    page.locator("[name=password]").fill(password);
    page.waitForResponse(
        response -> response.request().method().equals("POST"),
        () -> page.locator("main button[type=submit]").click());
    page.waitForLoadState();
  }

  /** Signs a member of any tenant in by a link, and out whoever was. */
  protected void signInByLink(People.Reference person) {
    context.clearCookies();
    go("/sign-in/link?token=" + links.issue(person));
    page.locator("main button[type=submit]").click();
    page.waitForURL(url -> !url.contains("/sign-in"));
  }

  /** Signs somebody in who was invited into the demo tenant with a role. */
  protected void signInAsNew(String email, OrganizationRole role) {
    People.Reference owner = people.withEmail(DemoTenant.OWNER).getFirst();
    TenantAdmin admin =
        new TenantAdmin(
            owner.tenantId(),
            owner.memberId(),
            owner.memberId(),
            OrganizationRole.OWNER.permissions(),
            Map.of(),
            Actor.system());
    String token =
        invitations
            .invite(admin, List.of(email), Set.of(role), List.of())
            .sent()
            .getFirst()
            .token();
    context.clearCookies();
    go("/invitation?token=" + token);
    page.locator("#first").fill("Ada");
    page.locator("#password").fill(PASSWORD);
    page.keyboard().press("Enter");
    page.waitForURL(url -> !url.contains("/invitation"));
  }

  /**
   * Keeps pictures of the page as it is, on a desktop and on a phone, light and dark, and checks
   * that it fits and that axe finds nothing serious in either theme.
   */
  protected void look(String name) {
    for (ColorScheme theme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(theme));
      picture(name, "desktop", 1280, theme);
      assertThat(graveFindings()).as("%s, %s", name, theme).isEmpty();
      picture(name, "phone", 390, theme);
    }
    page.setViewportSize(1280, HEIGHT);
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
  }

  private void picture(String name, String screen, int width, ColorScheme theme) {
    page.setViewportSize(width, HEIGHT);
    String file = name + "-" + screen + "-" + theme.name().toLowerCase(Locale.ROOT) + ".png";
    page.screenshot(
        new Page.ScreenshotOptions().setFullPage(true).setPath(SCREENSHOTS.resolve(file)));
    assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
        .as("%s at %s", name, width)
        .isLessThanOrEqualTo(width);
  }

  /** What axe finds to be serious or critical: rule and first element. */
  protected List<String> graveFindings() {
    AxeRunOptions options = new AxeRunOptions();
    options.setResultTypes(List.of("violations"));
    return new AxeBuilder(page)
            .options(options)
            .setLegacyMode(true) // there are no frames of other origins to look into
            .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"))
            .analyze()
            .getViolations()
            .stream()
            .filter(rule -> GRAVE.contains(rule.getImpact()))
            .map(BrowserTest::described)
            .toList();
  }

  private static String described(Rule rule) {
    return rule.getId() + ": " + rule.getNodes().getFirst().getHtml();
  }
}

package io.galerne.signin;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page.LocatorOptions;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import io.galerne.audit.Actor;
import io.galerne.browser.BrowserTest;
import io.galerne.database.TenantTransactions;
import io.galerne.demo.DemoTenant;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.OrganizationRole;
import io.galerne.identity.People;
import io.galerne.identity.TenantRegistry;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Signing in and out in a real browser. */
class SignInIntegrationTests extends BrowserTest {
  @Autowired private DemoTenant demo;
  @Autowired private TenantRegistry registry;
  @Autowired private TenantTransactions transactions;
  @Autowired private Credentials credentials;
  @Autowired private JdbcClient jdbc;

  @Test
  void whoIsNotSignedInIsAskedToAndComesBack() {
    go("/console?x=1");
    assertThat(page).hasURL(address("/sign-in?next=%2Fconsole%3Fx%3D1"));
    look("sign-in");

    page.locator("[name=email]").fill(DemoTenant.OWNER);
    page.locator("[name=password]").fill(data.readSecret(DemoTenant.PASSWORD_FILE).orElseThrow());
    page.keyboard().press("Enter");

    assertThat(page).hasURL(address("/console?x=1"));
    assertThat(complaints).isEmpty();
  }

  @Test
  void aWrongPasswordIsRefusedWithoutSayingWhatWasWrong() {
    signIn(DemoTenant.OWNER, "not the password");
    String known = page.locator(".note").textContent();
    signIn("nobody@demo.invalid", "not the password");

    assertThat(page.locator(".note")).hasText(known.strip());
    assertThat(page.locator("[name=email]")).hasValue("nobody@demo.invalid");
    assertThat(page.locator("[name=password]")).hasValue("");
  }

  @Test
  void theSessionIsWorthNothingAfterSigningOut() {
    signIn();
    Cookie inside = cookie();
    assertThat(inside.httpOnly).isTrue();
    assertThat(inside.sameSite).isEqualTo(SameSiteAttribute.LAX);
    page.locator("[popovertarget=user-menu]").click();
    page.locator("#user-menu form[action='/sign-out'] button").click();
    assertThat(page).hasURL(address("/sign-in"));

    context.addCookies(List.of(new Cookie(inside.name, inside.value).setUrl(address("/"))));
    go("/console");
    assertThat(page).hasURL(Pattern.compile(".*/sign-in.*"));
  }

  @Test
  void theLinkOfTheStartSignsInOnce() {
    String path = demo.path().orElseThrow();
    go(path);
    assertThat(page.locator("h1")).containsText("Demo Owner");
    look("sign-in-link");
    page.locator("main button[type=submit]").click();
    assertThat(page).not().hasURL(Pattern.compile(".*/sign-in.*"));

    context.clearCookies();
    go(path);
    assertThat(page.locator("h1")).hasText("This link is over");
    look("sign-in-link-over");
  }

  @Test
  void theLanguageIsTheBrowsersUntilAnotherIsChosen() {
    go("/sign-in");
    assertThat(page.locator("html")).hasAttribute("lang", "en");
    page.locator("button[name=language]").click();
    assertThat(page.locator("html")).hasAttribute("lang", "fr");
    assertThat(page.locator("h1")).hasText("Connexion");
    go("/sign-in");
    assertThat(page.locator("html")).hasAttribute("lang", "fr");
  }

  @Test
  void aSecondFactorIsSetUpAndAskedFor() {
    String email = join("factor@demo.example");
    go("/account");
    look("account");
    page.locator("a[href='/account/second-factor']").click();
    look("account-second-factor");
    String secret = page.locator("#secret").textContent().replace(" ", "");
    String used = code(secret, 0);
    page.locator("#code").fill(used);
    page.keyboard().press("Enter");
    String recovery = page.locator("#codes").textContent().strip().split("\n", -1)[0];
    assertThat(recovery).matches("[A-Z2-9]{4}(-[A-Z2-9]{4}){3}");
    look("account-recovery-codes");

    leave();
    signIn(email, PASSWORD);
    look("sign-in-code");
    go("/account");
    assertThat(page).hasURL(Pattern.compile(".*/sign-in.*")); // half-way is not in
    go("/sign-in/code");
    enter(used);
    assertThat(page.locator(".note")).isVisible();
    enter(code(secret, 1)); // a clock may be fast by one step
    assertThat(page.locator(".person")).isVisible();

    leave();
    signIn(email, PASSWORD);
    enter(recovery);
    assertThat(page.locator(".person")).isVisible();
    leave();
    signIn(email, PASSWORD);
    enter(recovery);
    assertThat(page.locator(".note")).isVisible();
  }

  @Test
  void aChangedPasswordEndsOtherSessions() {
    String email = join("changed@demo.example");
    Cookie before = cookie();
    go("/account");
    page.locator("#current").fill("wrong password!");
    page.locator("#password").fill("another fine phrase");
    page.keyboard().press("Enter");
    assertThat(page.locator(".problem")).hasText("This is not your password.");
    page.locator("#current").fill(PASSWORD);
    page.locator("#password").fill("another fine phrase");
    page.keyboard().press("Enter");
    assertThat(page.locator(".note.good")).isVisible();

    leave();
    context.addCookies(List.of(new Cookie(before.name, before.value).setUrl(address("/"))));
    go("/account");
    assertThat(page).hasURL(Pattern.compile(".*/sign-in.*"));
    signIn(email, PASSWORD);
    assertThat(page.locator(".note")).isVisible();
    signIn(email, "another fine phrase");
    assertThat(page.locator(".person")).isVisible();
  }

  @Test
  void guessingEndsAtTheBound() {
    String email = join("guessed@demo.example");
    leave();
    for (int i = 0; i < 10; i++) {
      signIn(email, "guess number " + i);
      assertThat(page.locator(".note")).hasText("The e-mail or the password is wrong.");
    }
    signIn(email, PASSWORD);
    assertThat(page.locator(".note")).containsText("Too many attempts");
  }

  @Test
  void whoIsInSeveralOrganisationsChoosesOne() {
    String email = "several@demo.example";
    String demo = join(email);
    UUID other = UUID.randomUUID();
    registry.registerTenant(other, "Harbour <i>works</i>");
    People.Reference second = new People.Reference(other, UUID.randomUUID());
    transactions.runInTenant(
        other,
        () ->
            jdbc.sql("insert into member values (?, ?, ?, 'Ada', 'Elsewhere', now())")
                .params(other, second.memberId(), email)
                .update());
    leave();
    signIn(email, PASSWORD);
    assertThat(page.locator(".who")).hasCount(1); // the other has no password yet

    credentials.setPassword(second, PASSWORD, Actor.system());
    leave();
    go("/console/playground");
    page.locator("[name=email]").fill(email);
    page.locator("[name=password]").fill(PASSWORD);
    page.keyboard().press("Enter");
    assertThat(page.locator("h1")).hasText("Where to?");
    look("sign-in-organization");
    assertThat(page.locator("main form button")).hasCount(2);
    go("/account");
    assertThat(page).hasURL(Pattern.compile(".*/sign-in.*")); // nobody is in yet
    page.goBack();
    page.locator("main form button", new LocatorOptions().setHasText("Harbour <i>works</i>"))
        .click();
    assertThat(page).hasURL(address("/console/playground"));
    assertThat(page.locator(".who")).containsText("Harbour <i>works</i>");
    assertThat(demo).isEqualTo(email);
  }

  @Test
  void theWayToATenantsChatHasItsFace() {
    UUID tenant = UUID.randomUUID();
    registry.registerTenant(tenant, "Phare");
    transactions.runInTenant(
        tenant,
        () ->
            jdbc.sql(
                    """
                    insert into chat_setting (tenant_id, slug, name, accent, welcome, logo,
                        logo_type, models, sealed, sharing, retention_days)
                    values (?, 'phare', 'Le Phare', '#7a3b00', 'Welcome aboard', ?, 'image/svg+xml',
                        '{}', false, true, 365)
                    """)
                .params(tenant, LOGO.getBytes(StandardCharsets.UTF_8))
                .update());
    go("/chat/phare");
    assertThat(page.locator(".tenant")).containsText("Le Phare");
    assertThat(page.locator(".tenant")).containsText("Welcome aboard");
    assertThat((Integer) page.evaluate("() => document.querySelector('.tenant img').naturalWidth"))
        .isPositive();
    assertThat(
            page.locator("main .primary")
                .evaluate("button => getComputedStyle(button).backgroundColor"))
        .isEqualTo("rgb(122, 59, 0)");
    look("sign-in-branded");
    go("/chat/nothing-of-that-name");
    assertThat(page.locator(".tenant")).hasCount(0);
    assertThat(page.request().get(address("/sign-in/brand/nothing/logo")).status()).isEqualTo(404);
    assertThat(complaints).isEmpty();
  }

  private static final String LOGO =
      "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'><rect width='40' height='40'"
          + " fill='#7a3b00'/></svg>";

  @Test
  void aChangeWithoutTheTokenIsRefused() {
    signIn();
    Object status =
        page.evaluate(
            """
            () => fetch("/account/sessions/end", { method: "POST", redirect: "manual" })
              .then((response) => response.status)
            """);
    assertThat(status).isEqualTo(403);
  }

  /** Invites somebody, takes it up in their place, and is signed in as them. */
  private String join(String email) {
    UUID tenant = UUID.fromString("00000000-0000-4000-8000-00000000de30");
    People.Reference owner = people.withEmail(DemoTenant.OWNER).getFirst();
    assertThat(owner.tenantId()).isEqualTo(tenant);
    TenantAdmin admin =
        new TenantAdmin(
            tenant,
            owner.memberId(),
            owner.memberId(),
            OrganizationRole.OWNER.permissions(),
            Map.of(),
            Actor.system());
    String token =
        invitations
            .invite(admin, List.of(email), Set.of(OrganizationRole.ADMIN), List.of())
            .sent()
            .getFirst()
            .token();
    go("/invitation?token=" + token);
    look("invitation");
    page.locator("#first").fill("Ada");
    page.locator("#last").fill("Lovelace");
    page.locator("#password").fill(PASSWORD);
    page.keyboard().press("Enter");
    page.waitForURL(url -> !url.contains("/invitation"));
    return email;
  }

  private void leave() {
    context.clearCookies();
  }

  private void enter(String code) {
    page.locator("#code").fill(code);
    page.keyboard().press("Enter");
  }

  private static String code(String secret, int stepsLater) {
    return new TotpSecret(decode(secret)).code(Instant.now().getEpochSecond() / 30 + stepsLater);
  }

  private static byte[] decode(String base32) {
    BigInteger value = BigInteger.ZERO;
    for (int i = 0; i < base32.length(); i++) {
      char c = base32.charAt(i);
      value =
          value.shiftLeft(5).or(BigInteger.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c)));
    }
    byte[] bytes = new byte[20];
    byte[] all = value.toByteArray();
    int length = Math.min(all.length, bytes.length);
    System.arraycopy(all, all.length - length, bytes, bytes.length - length, length);
    return bytes;
  }

  private Cookie cookie() {
    List<Cookie> found =
        context.cookies().stream().filter(c -> c.name.equals("galerne-session")).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }
}

package io.galerne.signin;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import io.galerne.browser.BrowserTest;
import io.galerne.demo.DemoTenant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Signing in and out in a real browser. */
class SignInIntegrationTests extends BrowserTest {
  @Autowired private DemoTenant demo;

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

  private Cookie cookie() {
    List<Cookie> found =
        context.cookies().stream().filter(c -> c.name.equals("galerne-session")).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }
}

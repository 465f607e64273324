package io.galerne.chat;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/** The chat in a real browser, on the bundled weights and a real database. */
@Import(ChatMembers.class)
class ChatPagesIntegrationTests extends ChatBrowserTest {
  private static final String SHOWCASE =
      """
      A **leap year** has 366 days. The rule in one line: divisible by 4, but not by 100 unless by 400.

      | Year | Leap? |
      |------|-------|
      | 1900 | no |
      | 2000 | yes |

      ```python
      def is_leap(year: int) -> bool:
          # the Gregorian rule
          return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
      ```

      The mean length of a year is therefore $365 + \\frac{1}{4} - \\frac{1}{100} + \\frac{1}{400}$ days:

      $$\\overline{Y} = 365.2425\\ \\text{d}$$

      See [the calendar](https://example.org/calendar) for more.
      """;

  @Autowired ChatMembers members;

  @Test
  void askStopRetryRepeatAndBranch() {
    signIn();
    openChat("/chat");
    assertThat(page.locator(".welcome h2")).containsText("Demo Owner");
    look("chat-empty");
    longestAnswer(24);
    look2("chat-advanced");

    ask("What is the capital of France?");
    assertThat(page).hasURL(Pattern.compile(".*/chat/c/[0-9a-f-]{36}"));
    String first = answer().locator(".body").textContent();
    assertThat(first).isNotBlank();
    assertThat(answer().locator("summary")).containsText(Pattern.compile("[1-9]\\d* tokens"));
    assertThat(titles().getFirst()).isEqualTo("What is the capital of France?");

    answer().locator("summary").click();
    answer().getByRole(AriaRole.BUTTON, named("Repeat exactly")).click();
    awaitAnswer();
    assertThat(page.locator(".toast.good")).containsText("word for word");
    assertThat(answer().locator(".body")).hasText(first);
    assertThat(answer().locator(".branches")).containsText("2/2");

    answer().getByRole(AriaRole.BUTTON, named("Try again")).click();
    assertThat(answer().locator(".branches")).containsText("3/3");
    awaitAnswer();
    answer().getByRole(AriaRole.BUTTON, named("Previous version")).click();
    assertThat(answer().locator(".branches")).containsText("2/3");

    page.locator(".turn.user").hover();
    page.locator(".turn.user").getByRole(AriaRole.BUTTON, named("Edit")).click();
    assertThat(page.locator("#question")).hasValue("What is the capital of France?");
    ask("What is the capital of Italy?");
    assertThat(page.locator(".turn.user .branches")).containsText("2/2");
    assertThat(page.locator(".turn.user .body")).hasText("What is the capital of Italy?");
    page.reload();
    awaitReady();
    assertThat(page.locator(".turn.user .body")).hasText("What is the capital of Italy?");
    assertThat(complaints).isEmpty();
    assertThat(requests).allMatch(url -> url.startsWith(address("/")) || url.startsWith("blob:"));
  }

  @Test
  void escapeStopsAndTheAnswerStaysAsFarAsItCame() {
    signIn();
    openChat("/chat");
    page.locator("#question").fill("Write a very long story about the sea.");
    page.keyboard().press("Enter");
    assertThat(answer().locator(".body")).containsText(Pattern.compile("\\w+ \\w+"));
    page.keyboard().press("Escape");
    assertThat(answer()).hasAttribute("data-state", "STOPPED", waiting());
    assertThat(page.locator("[data-send]")).isVisible();
    awaitReady();
    String kept = answer().locator(".body").textContent();
    page.reload();
    awaitReady();

    assertThat(answer()).hasAttribute("data-state", "STOPPED");
    assertThat(answer().locator(".body")).hasText(kept);
    assertThat(answer().locator(".note")).containsText("Stopped by you");
  }

  @Test
  void anAnswerGoesOnWithoutItsReader() {
    signIn();
    openChat("/chat");
    longestAnswer(120);
    page.locator("#question").fill("Write about mountains.");
    page.keyboard().press("Enter");
    assertThat(answer().locator(".body")).containsText(Pattern.compile("\\w+"));
    page.reload();

    assertThat(answer()).hasAttribute("data-state", Pattern.compile("DONE|LENGTH"), waiting());
    assertThat(complaints).isEmpty();
  }

  @Test
  void searchRenameShareExportDelete() throws IOException {
    Chatter owner = owner();
    conversation(owner, "About tides", "Why are there tides?", "Because of the moon at perigee.");
    conversation(
        owner, "Leap years", "When is a year a leap year?", SHOWCASE, "Thanks!", "You’re welcome.");
    signIn();
    openChat("/chat");
    page.locator("input[type=search]").fill("PERIGEE");
    assertThat(page.locator("[data-history] li")).hasCount(1);
    assertThat(page.locator(".snippet")).containsText("moon at perigee");
    page.locator("input[type=search]").fill("");
    page.locator("[data-history] a", new Page.LocatorOptions().setHasText("Leap years")).click();
    assertThat(page.locator(".katex").first()).isVisible();
    assertThat(page.locator(".hljs-keyword").first()).isVisible();
    look("chat-conversation");

    deed("rename");
    page.locator("dialog[open] input").fill("Calendar");
    page.keyboard().press("Enter");
    assertThat(page.locator("[data-title]")).hasText("Calendar");
    assertThat(page.locator("[data-history] a[aria-current]")).containsText("Calendar");

    Download markdown = page.waitForDownload(() -> deed("markdown"));
    assertThat(Files.readString(markdown.path())).startsWith("# Calendar").contains("is_leap");
    Download json = page.waitForDownload(() -> deed("json"));
    assertThat(Files.readString(json.path())).contains("\"title\":\"Calendar\"");

    page.locator("[data-deed=share]").click();
    String link = page.locator("dialog[open] input").inputValue();
    page.keyboard().press("Escape");
    String path = link.substring(address("").length());
    String own = page.url().substring(address("").length());

    signInAs(members.memberOf(owner.tenantId()));
    openChat(path);
    assertThat(page.locator("h1")).hasText("Calendar");
    assertThat(page.locator(".turn")).hasCount(4);
    assertThat(page.locator("textarea, [data-deed]")).hasCount(0);
    look("chat-shared");
    assertThat(page.navigate(address(own)).status()).isEqualTo(404);
    signInAs(members.memberOf(members.tenant()));
    assertThat(page.navigate(address(path)).status()).isEqualTo(404);
    assertThat(page.navigate(address("/chat/shared/" + java.util.UUID.randomUUID())).status())
        .isEqualTo(404);

    context.clearCookies();
    signIn();
    openChat(own);
    deed("erase");
    page.locator("dialog[open] button.danger").click();
    assertThat(page.locator(".welcome")).isVisible();
    assertThat(page.navigate(address(own)).status()).isEqualTo(404);
  }

  @Test
  void capsAndMistakesAreExplained() {
    Chatter member = members.memberOf(owner().tenantId());
    settings.setOwn(
        member.tenantId(), member.actor(), member.memberId(), new Caps(1L, null, null, null));
    signInAs(member);
    openChat("/chat");
    assertThat(page.locator("[data-left]")).containsText("1 of 1 message left today");
    longestAnswer(8);
    ask("Hello");
    assertThat(page.locator("[data-left]")).containsText("0 of 1 message left today");
    page.locator("#question").fill("Hello again");
    page.keyboard().press("Enter");
    assertThat(page.locator("[data-problem]")).containsText("It goes on tomorrow");
    assertThat(page.locator("#question")).hasValue("Hello again");
    look("chat-cap");
  }

  @Test
  void worksByKeyboardAndInFrench() {
    signIn();
    openChat("/chat");
    assertThat(page.locator("#question")).isFocused();
    page.locator("[popovertarget=user-menu]").click();
    page.locator("#user-menu button[name=language]").click();
    awaitReady();
    assertThat(page.locator("html")).hasAttribute("lang", "fr");
    assertThat(page.locator(".welcome h2")).containsText("Bonjour");
    assertThat(page.locator(".side .new")).hasText("Nouvelle conversation");
  }

  @Test
  void aTenantGivesItsChatALook() {
    signIn();
    go("/console/chat-settings");
    page.locator("#name").fill("Acme Assist");
    page.locator("#slug").fill("acme");
    page.locator("#accent").fill("#c2185b");
    page.locator("#welcome").fill("Welcome to Acme Assist");
    look("chat-settings");
    page.locator("#settings button[type=submit]").click();
    assertThat(page.locator(".note.good")).isVisible();
    try {
      openChat("/chat/acme");
      assertThat(page.locator(".welcome h2")).hasText("Welcome to Acme Assist");
      assertThat(page.locator(".side .brand")).hasText("Acme Assist");
      look("chat-branded");
      assertThat(page.navigate(address("/chat/other")).status()).isEqualTo(404);
      signInAs(members.memberOf(members.tenant()));
      assertThat(page.navigate(address("/chat/acme")).status()).isEqualTo(404);
    } finally {
      settings.save(owner().tenantId(), owner().actor(), ChatSettings.DEFAULT);
    }
  }

  private void longestAnswer(int tokens) {
    page.locator("#composer [data-opens=advanced]").click();
    page.locator("#answerTokens").fill(Integer.toString(tokens));
    page.keyboard().press("Enter");
  }

  /** A dialog that is open in the middle of things. */
  private void look2(String name) {
    page.locator("#composer [data-opens=advanced]").click();
    look(name);
    page.keyboard().press("Escape");
  }

  private void deed(String name) {
    page.locator("#more").click();
    page.locator("#conversation-menu [data-deed=" + name + "]").click();
  }

  private static com.microsoft.playwright.Locator.GetByRoleOptions named(String name) {
    return new com.microsoft.playwright.Locator.GetByRoleOptions().setName(name);
  }
}

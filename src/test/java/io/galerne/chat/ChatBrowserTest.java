package io.galerne.chat;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions;
import io.galerne.browser.BrowserTest;
import io.galerne.demo.DemoTenant;
import io.galerne.identity.People;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletRequest;

/** What tests of the chat's pages share. */
abstract class ChatBrowserTest extends BrowserTest {
  private static final int ANSWER_MILLIS_MAX = 60_000;

  @Autowired ChatTransactions transactions;
  @Autowired ConversationStore store;
  @Autowired ConversationRows rows;
  @Autowired MessageRows messages;
  @Autowired ChatSettingsRows settings;

  /** The demo tenant's owner, whom {@link #signIn()} signs in. */
  Chatter owner() {
    People.Reference owner = people.withEmail(DemoTenant.OWNER).getFirst();
    return new Chatter(people.profile(owner, request()).orElseThrow().admin());
  }

  private static MockHttpServletRequest request() {
    MockHttpServletRequest request = new MockHttpServletRequest();
    request.setAttribute("io.galerne.identity.RequestIds", UUID.randomUUID());
    return request;
  }

  /** Signs somebody in by a link, in place of whoever is. */
  void signInAs(Chatter chatter) {
    context.clearCookies();
    String token = links.issue(new People.Reference(chatter.tenantId(), chatter.memberId()));
    go("/sign-in/link?token=" + token);
    page.locator("main button[type=submit]").click();
    page.waitForURL(url -> !url.contains("/sign-in"));
  }

  /** A conversation as if it had been had: questions and answers in turn. */
  UUID conversation(Chatter chatter, String title, String... said) {
    return transactions.as(
        chatter,
        () -> {
          Contents contents = store.contents(chatter.tenantId());
          UUID id = UUID.randomUUID();
          Instant now = Instant.now();
          rows.insert(
              chatter,
              new Conversation(
                  id,
                  new ConversationWords(title, "", ConversationWords.TEXT, "", null),
                  "smollm2-135m-instruct",
                  null,
                  null,
                  null,
                  now,
                  now,
                  null),
              contents);
          UUID last = null;
          for (int i = 0; i < said.length; i++) {
            last = said(chatter, id, last, i % 2 == 0, MessageWords.text(said[i]), contents);
          }
          rows.head(id, last);
          return id;
        });
  }

  UUID said(
      Chatter chatter,
      UUID conversation,
      @Nullable UUID parent,
      boolean question,
      MessageWords words,
      Contents contents) {
    Instant now = Instant.now();
    UUID id = UUID.randomUUID();
    messages.insert(
        chatter,
        new Message(
            id,
            conversation,
            parent,
            question ? Message.USER : Message.ASSISTANT,
            words,
            MessageState.DONE,
            question ? null : "smollm2-135m-instruct",
            null,
            question ? null : 7L,
            null,
            now,
            now,
            null),
        MessageRows.Reserved.NOTHING,
        contents);
    return id;
  }

  void openChat(String path) {
    go(path);
    awaitReady();
  }

  void awaitReady() {
    assertThat(page.locator("#main")).hasAttribute("data-state", "ready", waiting());
  }

  /** Asks, and waits for the answer to be complete. */
  void ask(String question) {
    page.locator("#question").fill(question);
    page.keyboard().press("Enter");
    awaitAnswer();
  }

  void awaitAnswer() {
    assertThat(answer()).hasAttribute("data-state", Pattern.compile("(?!STREAMING).*"), waiting());
    awaitReady();
  }

  Locator answer() {
    return page.locator(".turn.assistant").last();
  }

  static HasAttributeOptions waiting() {
    return new HasAttributeOptions().setTimeout(ANSWER_MILLIS_MAX);
  }

  List<String> titles() {
    return page.locator("[data-history] .title").allTextContents();
  }
}

package io.galerne.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Route;
import io.galerne.browser.XssPayloads;
import io.galerne.engine.template.ToolCall;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Two hundred ways to run something, in every field that the chat shows. */
class ChatInjectionIntegrationTests extends ChatBrowserTest {
  private static final int TITLE_CHARS_MAX = 120;
  private static final int PAYLOADS = 200;
  private static final int PER_CONVERSATION = 20;

  @Autowired private Conversations conversations;
  private Chatter owner;

  @BeforeEach
  void watch() {
    owner = owner();
    context.addInitScript("window.ran = 0; window.pwn = () => { window.ran++; };");
  }

  @Test
  void nothingRuns() {
    List<String> payloads = XssPayloads.all();
    assertThat(payloads).hasSize(PAYLOADS).doesNotHaveDuplicates();
    List<UUID> stored = new ArrayList<>();
    for (int from = 0; from < PAYLOADS; from += PER_CONVERSATION) {
      stored.add(conversation(payloads.subList(from, from + PER_CONVERSATION)));
    }
    signIn();
    for (UUID id : stored) {
      openChat("/chat/c/" + id);
      page.locator(".turn").last().waitFor();
      assertThat(page.locator(".turn").count()).isEqualTo(2 * PER_CONVERSATION);
      assertNothingRan("conversation " + id);
      page.locator("input[type=search]").fill("onerror");
      page.locator(".snippet").first().waitFor();
      assertNothingRan("search");
    }
    UUID share = conversations.share(owner, stored.getFirst()).id();
    openChat("/chat/shared/" + share);
    page.locator(".turn").last().waitFor();
    assertNothingRan("shared");
    for (String payload : XssPayloads.VECTORS.subList(0, 5)) {
      String reflected = URLEncoder.encode(payload, StandardCharsets.UTF_8);
      go("/chat/" + reflected);
      go("/chat?q=" + reflected);
      assertNothingRan(payload);
    }
    assertThat(requests).noneMatch(url -> url.contains("elsewhere.example"));
  }

  @Test
  void nothingRunsInWhatATenantWrites() {
    signIn();
    for (String payload : XssPayloads.VECTORS.subList(0, 8)) {
      settings.save(
          owner.tenantId(),
          owner.actor(),
          new ChatSettings(
              null,
              payload.substring(0, Math.min(payload.length(), ChatSettings.NAME_CHARS_MAX)),
              null,
              payload,
              List.of(),
              false,
              true,
              365,
              Caps.NONE));
      openChat("/chat");
      assertNothingRan(payload);
      go("/console/chat-settings");
      assertNothingRan(payload);
    }
    settings.save(owner.tenantId(), owner.actor(), ChatSettings.DEFAULT);
  }

  /** The control: without a policy, and put into the page as markup, they do run. */
  @Test
  void onAPlainPageTheyRun() {
    page.route(
        "**/plain",
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setContentType("text/html")
                    .setBody("<body>" + String.join("", XssPayloads.VECTORS.subList(0, 5)))));
    go("/plain");
    page.waitForFunction("() => window.ran >= 3");
  }

  private void assertNothingRan(String where) {
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)))");
    assertThat((Integer) page.evaluate("() => window.ran")).as(where).isZero();
    assertThat(
            (Integer)
                page.evaluate(
                    """
                    () => document.querySelectorAll(
                        '#main :is(script, iframe, object, embed, base, meta, style, form form, img:not(.mark))'
                        + ', #main [onerror], #main [onload], #main [href^="javascript" i]').length
                    """))
        .as(where)
        .isZero();
  }

  private UUID conversation(List<String> payloads) {
    Chatter chatter = owner;
    String title = payloads.getFirst();
    String[] said = new String[2 * payloads.size() - 2];
    for (int i = 0; i < payloads.size() - 1; i++) {
      said[2 * i] = payloads.get(i);
      said[2 * i + 1] = payloads.get(i);
    }
    UUID id =
        conversation(chatter, title.substring(0, Math.min(title.length(), TITLE_CHARS_MAX)), said);
    transactions.as(
        chatter,
        () -> {
          Contents contents = store.contents(chatter.tenantId());
          UUID head = store.require(id, contents).headId();
          UUID question =
              said(chatter, id, head, true, MessageWords.text(payloads.getLast()), contents);
          String last = payloads.getLast();
          MessageWords calls =
              MessageWords.text("").withText("", List.of(new ToolCall(last, last, last)));
          rows.head(id, said(chatter, id, question, false, calls, contents));
          return null;
        });
    return id;
  }
}

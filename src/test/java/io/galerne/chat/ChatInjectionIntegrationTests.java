package io.galerne.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Route;
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

  /** Each one sets the flag if it runs. */
  private static final List<String> VECTORS =
      List.of(
          "<script>pwn()</script>",
          "<img src=x onerror=pwn()>",
          "<svg onload=pwn()>",
          "<svg><script>pwn()</script></svg>",
          "<iframe srcdoc='<script>parent.pwn()</script>'></iframe>",
          "<iframe src='javascript:parent.pwn()'></iframe>",
          "<body onload=pwn()>",
          "<input autofocus onfocus=pwn()>",
          "<details open ontoggle=pwn()><summary>a</summary></details>",
          "<video><source onerror=pwn()></video>",
          "<a href='javascript:pwn()' autofocus>a</a>",
          "<math><mtext><table><mglyph><style><img src=x onerror=pwn()>",
          "<form><button formaction='javascript:pwn()'>a",
          "<object data='javascript:pwn()'></object>",
          "<embed src='javascript:pwn()'>",
          "<base href='javascript:/a/-pwn()//'><a href='#'>a</a>",
          "<meta http-equiv=refresh content='0;url=javascript:pwn()'>",
          "<style>@import 'javascript:pwn()';</style><link rel=stylesheet href='javascript:pwn()'>",
          "<template><img src=x onerror=pwn()></template>",
          "<noscript><p title='</noscript><img src=x onerror=pwn()>'>",
          "[a](javascript:pwn())",
          "[a](JaVaScRiPt:pwn())",
          "[a](data:text/html,<script>pwn()</script>)",
          "![a](x\"onerror=\"pwn())",
          "![a](https://elsewhere.example/pixel.png)",
          "<javascript:pwn()>",
          "[a]: javascript:pwn()\n\n[a]",
          "```html\"><img src=x onerror=pwn()>\n<script>pwn()</script>\n```",
          "`<img src=x onerror=pwn()>`",
          "$\\href{javascript:pwn()}{a}$",
          "$\\includegraphics{javascript:pwn()}$",
          "$\\htmlStyle{background:url(javascript:pwn())}{a}$",
          "$$</span><img src=x onerror=pwn()>$$",
          "| a |\n|---|\n| <img src=x onerror=pwn()> |",
          "# <img src=x onerror=pwn()>",
          "- [ ] <img src=x onerror=pwn()>",
          "{\"a\": \"</code><img src=x onerror=pwn()>\"}",
          "'-pwn()-'",
          "\"><script>pwn()</script>",
          "${pwn()} #{pwn()} {{pwn()}} __${T(java.lang.Runtime)}__");

  private static final List<String> WRAPPINGS =
      List.of("%s", "text %s text", "> %s", "1. %s", "<div>%s</div>");

  @Autowired private Conversations conversations;
  private Chatter owner;

  static List<String> payloads() {
    List<String> payloads = new ArrayList<>();
    for (String wrapping : WRAPPINGS) {
      for (String vector : VECTORS) {
        payloads.add(wrapping.replace("%s", vector));
      }
    }
    return payloads;
  }

  @BeforeEach
  void watch() {
    owner = owner();
    context.addInitScript("window.ran = 0; window.pwn = () => { window.ran++; };");
  }

  @Test
  void nothingRuns() {
    List<String> payloads = payloads();
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
    for (String payload : VECTORS.subList(0, 5)) {
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
    for (String payload : VECTORS.subList(0, 8)) {
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
                    .setBody("<body>" + String.join("", VECTORS.subList(0, 5)))));
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

package io.galerne.browser;

import java.util.ArrayList;
import java.util.List;

/** Two hundred ways to run something. Each one calls {@code pwn()} if it runs. */
public final class XssPayloads {
  private XssPayloads() {}

  public static final List<String> VECTORS =
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

  /** All of them; no two are alike. */
  public static List<String> all() {
    List<String> payloads = new ArrayList<>();
    for (String wrapping : WRAPPINGS) {
      for (String vector : VECTORS) {
        payloads.add(wrapping.replace("%s", vector));
      }
    }
    return payloads;
  }
}

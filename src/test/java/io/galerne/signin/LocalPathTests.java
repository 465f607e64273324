package io.galerne.signin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPathTests {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/chat",
        "/chat/0197e1f2-0000-7000-8000-000000000000",
        "/console/usage?from=2026-11-01&model=mistral-small&by=day,model",
        "/console?q=a%20b",
        "/account"
      })
  void pagesOfOursAreKept(String path) {
    assertThat(LocalPath.orStart(path)).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "chat",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "https://elsewhere.example",
        "/chat//elsewhere.example",
        "/chat/../v1",
        "/chat@elsewhere.example",
        "/chat.elsewhere.example",
        "/v1/models",
        "/chat\r\nSet-Cookie: a=b",
        "/chat#x",
        "javascript:alert(1)",
        "/console?x=\"><script>"
      })
  void anythingElseLeadsToTheStart(String path) {
    assertThat(LocalPath.orStart(path)).isEqualTo("/");
    assertThat(LocalPath.orStart(null)).isEqualTo("/");
  }
}

package io.galerne.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextSearchTests {
  @Test
  void caseAccentsAndBlanksMakeNoDifference() {
    TextSearch search = new TextSearch("  CAFÉ   creme ");

    assertThat(search.isIn("un café crème, s'il vous plaît")).isTrue();
    assertThat(search.isIn("un thé")).isFalse();
    assertThat(new TextSearch(" ").isEmpty()).isTrue();
  }

  @Test
  void theSnippetShowsWhereItWasFound() {
    String text = "a ".repeat(200) + "the needle" + " b".repeat(200);

    assertThat(new TextSearch("Needle").snippet(text))
        .hasValueSatisfying(
            snippet ->
                assertThat(snippet)
                    .contains("the needle")
                    .startsWith("…")
                    .endsWith("…")
                    .hasSizeLessThan(140));
    assertThat(new TextSearch("thread").snippet(text)).isEmpty();
    assertThat(new TextSearch("𝔸").snippet("😀".repeat(80) + "𝔸" + "😀".repeat(80))).isPresent();
  }
}

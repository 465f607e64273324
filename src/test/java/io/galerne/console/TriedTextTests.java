package io.galerne.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.console.TriedText.Segment;
import io.galerne.console.TriedText.Verdict;
import io.galerne.moderation.TrialResult;
import io.galerne.moderation.TrialResult.Spot;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TriedTextTests {
  private static Spot spot(String rule, int start, int end, String action) {
    return new Spot(rule, "phrases", "c", 1, start, end, action, "");
  }

  @Test
  void aTextIsCutWhereFindingsBeginAndEnd() {
    TriedText tried =
        TriedText.of(
            "abcdefgh",
            false,
            new TrialResult(
                false, "ab[x]gh", List.of(spot("one", 2, 5, "flag"), spot("two", 4, 6, "redact"))));

    assertThat(tried.verdict()).isEqualTo(Verdict.CHANGED);
    assertThat(tried.segments())
        .containsExactly(
            new Segment("ab", null, ""),
            new Segment("cd", "flag", "one"),
            new Segment("e", "redact", "one, two"),
            new Segment("f", "redact", "two"),
            new Segment("gh", null, ""));
  }

  @Test
  void placesOutsideTheTextLoseNothingOfIt() {
    String text = "short";
    TriedText tried =
        TriedText.of(
            text,
            true,
            new TrialResult(
                true, "", List.of(spot("r", -3, 2, "block"), spot("s", 4, 99, "flag"))));

    assertThat(tried.verdict()).isEqualTo(Verdict.BLOCKED);
    assertThat(tried.segments().stream().map(Segment::text).collect(Collectors.joining()))
        .isEqualTo(text);
  }

  @Test
  void withoutFindingsItPasses() {
    TrialResult nothing = new TrialResult(false, "fine", List.of());
    assertThat(TriedText.of("fine", true, nothing).verdict()).isEqualTo(Verdict.PASSED);
    TrialResult noted = new TrialResult(false, "fine", List.of(spot("r", 0, 2, "flag")));
    assertThat(TriedText.of("fine", true, noted).verdict()).isEqualTo(Verdict.FLAGGED);
  }
}

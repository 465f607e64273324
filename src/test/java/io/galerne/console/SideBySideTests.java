package io.galerne.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.audit.AnswerContent.Said;
import io.galerne.audit.AnswerRecord;
import io.galerne.replay.ReplayVerdict;
import io.galerne.replay.Replayed;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SideBySideTests {
  private static final AnswerRecord RECORD =
      new AnswerRecord(
          UUID.randomUUID(),
          UUID.randomUUID(),
          UUID.randomUUID(),
          "CHAT",
          "REALTIME",
          false,
          "m",
          "d",
          null,
          null,
          "STOP",
          1,
          1,
          null);

  private static Said said(String text) {
    return new Said(text, List.of(), true);
  }

  private static SideBySide.Pair differing(String then, String now) {
    return SideBySide.of(
            new Replayed(
                RECORD,
                new ReplayVerdict.Differs("answers[0]", 4, "r"),
                List.of(said(then)),
                List.of(said(now))))
        .pairs()
        .getFirst();
  }

  @Test
  void textsAreCutAtTheFirstDifference() {
    SideBySide.Pair pair = differing("Le phare", "Le port");
    assertThat(pair.same()).isEqualTo("Le p");
    assertThat(pair.then()).isEqualTo("hare");
    assertThat(pair.now()).isEqualTo("ort");
  }

  @Test
  void noCharacterIsCutInTwo() {
    SideBySide.Pair pair = differing("a\uD83D\uDE00", "a\uD83D\uDE01"); // two faces
    assertThat(pair.same()).isEqualTo("a");
    assertThat(pair.then()).isEqualTo("\uD83D\uDE00");
  }

  @Test
  void whatWasNotComputedStandsAlone() {
    SideBySide side =
        SideBySide.of(
            new Replayed(
                RECORD,
                new ReplayVerdict.NotReplayable(ReplayVerdict.Why.NO_WEIGHTS, "r"),
                List.of(said("words")),
                List.of()));
    assertThat(side.verdict()).isEqualTo("not-replayable");
    assertThat(side.why()).isEqualTo("requests.why.no-weights");
    assertThat(side.pairs()).containsExactly(new SideBySide.Pair(1, "", "words", null, true));
  }

  @Test
  void bytesAreCountedAsTheyAreCompared() {
    SideBySide side =
        SideBySide.of(
            new Replayed(
                RECORD,
                new ReplayVerdict.Equal(List.of("d"), 0),
                List.of(said("Eckmühl")),
                List.of(said("Eckmühl"))));
    assertThat(side.bytes()).isEqualTo(8);
  }
}

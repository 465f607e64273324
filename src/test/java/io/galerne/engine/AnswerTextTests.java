package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTextTests {
  @Test
  void textFlowsAtOnceWithoutStops() {
    var text = new AnswerText(List.of());
    assertThat(append(text, "Hel")).isEqualTo("Hel");
    assertThat(append(text, "lo")).isEqualTo("lo");
    assertThat(text.completionTokens()).isEqualTo(2);
  }

  @Test
  void whatMayBecomeAStopIsHeldBackAndReleasedWhenItDoesNot() {
    var text = new AnswerText(List.of("END"));
    assertThat(append(text, "the E")).isEqualTo("the ");
    assertThat(append(text, "N")).isEmpty();
    assertThat(append(text, "T")).isEqualTo("ENT");
  }

  @Test
  void aStopAcrossTokensIsCutAndItsTokensAreNotBilled() {
    var text = new AnswerText(List.of("END"));
    assertThat(append(text, "a b")).isEqualTo("a b");
    assertThat(text.releaseTokens()).isEqualTo(1);
    assertThat(append(text, "c E")).isEqualTo("c ");
    assertThat(text.append(bytes("ND x"))).isTrue();
    text.finish();
    assertThat(text.release(true)).isEmpty();
    // The second token gave "c ", the third lies within and after the stop.
    assertThat(text.completionTokens()).isEqualTo(2);
  }

  @Test
  void theFirstOfSeveralStopsWins() {
    var text = new AnswerText(List.of("dog", "lazy"));
    assertThat(text.append(bytes("the lazy dog"))).isTrue();
    assertThat(text.release(true)).isEqualTo("the ");
  }

  @Test
  void aStopAtTheStartLeavesNothing() {
    var text = new AnswerText(List.of("A"));
    assertThat(text.append(bytes("A"))).isTrue();
    assertThat(text.release(true)).isEmpty();
    assertThat(text.completionTokens()).isZero();
  }

  @Test
  void aCharacterInPartsArrivesWholeAndCountsWhenItIsComplete() {
    var text = new AnswerText(List.of());
    byte[] smile = bytes("😀");
    text.append(new byte[] {smile[0], smile[1]});
    assertThat(text.release(false)).isEmpty();
    assertThat(text.releaseTokens()).isZero();
    text.append(new byte[] {smile[2], smile[3]});
    assertThat(text.release(false)).isEqualTo("😀");
    assertThat(text.releaseTokens()).isEqualTo(2);
  }

  @Test
  void anUnfinishedCharacterEndsAsTheReplacementCharacter() {
    var text = new AnswerText(List.of());
    text.append(new byte[] {bytes("é")[0]});
    text.finish();
    assertThat(text.release(true)).isEqualTo("\uFFFD");
    assertThat(text.releaseTokens()).isEqualTo(1);
  }

  @Test
  void anEmptyStopIsNoStop() {
    var text = new AnswerText(List.of(""));
    assertThat(append(text, "on")).isEqualTo("on");
  }

  private static String append(AnswerText text, String piece) {
    assertThat(text.append(bytes(piece))).isFalse();
    return text.release(false);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package io.galerne.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AllowanceTests {
  private static final int WANTED = 1000;

  @Test
  void withoutCapsAnAnswerIsAsLongAsWanted() {
    assertThat(with(Caps.NONE, 99, 99_999, 0).answerTokens(WANTED, 50, 500, 10)).isEqualTo(WANTED);
  }

  @Test
  void theNarrowestCapDecides() {
    Caps caps = new Caps(null, 1000L, 5000L, 1L);
    assertThat(with(caps, 0, 700, 0).answerTokens(WANTED, 100, 0, 0)).isEqualTo(200);
    // one millionth of the currency is a million picos
    assertThat(with(caps, 0, 0, 0).answerTokens(WANTED, 100, 999_000, 10)).isEqualTo(100);
  }

  @Test
  void whatDoesNotFitIsRefusedByItsName() {
    assertCode(
        "cap.messages.day",
        () -> with(new Caps(3L, null, null, null), 3, 0, 0).answerTokens(1, 1, 0, 0));
    assertCode(
        "cap.tokens.day",
        () -> with(new Caps(null, 100L, null, null), 0, 60, 0).answerTokens(1, 40, 0, 0));
    assertCode(
        "cap.tokens.month",
        () -> with(new Caps(null, null, 100L, null), 0, 60, 0).answerTokens(1, 40, 0, 0));
    assertCode(
        "cap.spend.month",
        () -> with(new Caps(null, null, null, 0L), 0, 0, 0).answerTokens(1, 1, 5, 5));
  }

  @Test
  void whatOnlyAnotherAnswerHoldsMayComeBack() {
    assertCode(
        "cap.held",
        () -> with(new Caps(null, 100L, null, null), 0, 90, 80).answerTokens(1, 40, 0, 0));
  }

  private static Allowance with(Caps caps, long messages, long tokens, long held) {
    return new Allowance(caps, messages, tokens, tokens, 0, held, 0);
  }

  private static void assertCode(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ChatRefusedException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }
}

package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BodyBudgetTests {
  private static final int MIB = 1 << 20;

  private final BodyBudget budget = new BodyBudget(64L * 4 * MIB, MIB);

  @Test
  void whatIsBeyondTheBoundIsRefusedUntilSomeGoesBack() {
    BodyBudget.Share[] shares = new BodyBudget.Share[4];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = budget.share();
      shares[i].grow(MIB);
    }
    try (BodyBudget.Share large = budget.share();
        BodyBudget.Share small = budget.share()) {
      assertThatCode(() -> small.grow(32 << 10)).doesNotThrowAnyException();
      assertThatThrownBy(() -> large.grow(MIB)).isInstanceOf(ApiException.class);
      shares[0].close();
      shares[0].close(); // gives nothing back twice
      assertThatCode(() -> large.grow(MIB)).doesNotThrowAnyException();
      assertThatThrownBy(() -> small.grow(MIB)).isInstanceOf(ApiException.class);
    }
  }

  @Test
  void oneThatIsLargerThanAllThereIsIsTakenAlone() {
    try (BodyBudget.Share share = budget.share()) {
      assertThatCode(() -> share.grow(16 * MIB)).doesNotThrowAnyException();
    }
  }
}

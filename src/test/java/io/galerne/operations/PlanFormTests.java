package io.galerne.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.limits.PlanDetails;
import io.galerne.limits.PlanTerms;
import io.galerne.limits.PlanTerms.Problem;
import io.galerne.limits.RateLimits.TokenLimits;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanFormTests {
  private static final PlanTerms TERMS =
      new PlanTerms(
          2.5,
          3,
          500_000L,
          null,
          1_500_500_000L,
          0.5,
          0.05,
          new TreeMap<>(Map.of("mistral-small", new TokenLimits(10L, null))));

  @Test
  void whatIsShownIsReadBackTheSame() {
    PlanForm form = PlanForm.of(new PlanDetails("gold", 3, Instant.EPOCH, TERMS));
    assertThat(form.cap()).isEqualTo("1500.5");
    assertThat(form.share()).isEqualTo("5");
    assertThat(form.read()).isEqualTo(new PlanForm.Good(TERMS));
  }

  @ParameterizedTest
  @CsvSource({
    "heavy, 1, '', weight",
    "0, 1, '', weight",
    "1, 1.5, '', tokens_per_minute",
    "1, -1, '', tokens_per_minute",
    "1, 9999999999999999, '', tokens_per_minute",
    "1, 1, 101, waiting_share",
    "1, 1, 0, waiting_share"
  })
  void theFieldAtFaultIsNamed(String weight, String minute, String share, String field) {
    PlanForm form =
        new PlanForm(
            "p", "", "", "", minute, "", "", weight, share, List.of(), List.of(), List.of());
    assertThat(form.read())
        .isInstanceOfSatisfying(
            PlanForm.Wrong.class,
            wrong ->
                assertThat(wrong.problems()).extracting(Problem::field).containsExactly(field));
  }

  @Test
  void aModelWithoutALimitAndALimitWithoutAModelAreRefused() {
    PlanForm form =
        new PlanForm(
            "p", "", "", "", "", "", "", "1", "", List.of("m", ""), List.of("", "5"), List.of());
    assertThat(form.read())
        .isInstanceOfSatisfying(
            PlanForm.Wrong.class, wrong -> assertThat(wrong.problems()).hasSize(2));
  }
}

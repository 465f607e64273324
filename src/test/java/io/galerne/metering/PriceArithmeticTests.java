package io.galerne.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceArithmeticTests {
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  /** 2 000 plans against decimal arithmetic in units of money: 0 differences. */
  @Test
  void costsAreWhatDecimalArithmeticSays() {
    Random random = new Random(8);
    for (int i = 0; i < 2_000; i++) {
      Rates rates = new Rates(rate(random), rate(random), rate(random));
      Price price = new Price(1L, "m", rates, rates.half(), Instant.EPOCH);
      int prompt = random.nextInt(2_000_000);
      TokenCounts tokens =
          new TokenCounts(prompt, random.nextInt(prompt + 1), random.nextInt(200_000));

      assertThat(price.cost(tokens, ServiceClass.REALTIME).micros())
          .as("%s for %s", rates, tokens)
          .isEqualTo(oracle(rates, tokens));
      assertThat(price.cost(tokens, ServiceClass.BATCH).picos() * 2)
          .isCloseTo(
              price.cost(tokens, ServiceClass.REALTIME).picos(),
              org.assertj.core.data.Offset.offset((long) tokens.prompt() + tokens.completion()));
    }
  }

  private static long rate(Random random) {
    return random.nextLong(random.nextBoolean() ? 10_000_000 : Rates.RATE_MAX + 1);
  }

  /** Money per million tokens, tokens, and a rounding at the end, as one does it by hand. */
  private static long oracle(Rates rates, TokenCounts tokens) {
    BigDecimal money =
        part(rates.input(), tokens.prompt() - tokens.cachedPrompt())
            .add(part(rates.cachedInput(), tokens.cachedPrompt()))
            .add(part(rates.output(), tokens.completion()));
    return money.multiply(MILLION).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
  }

  private static BigDecimal part(long microsPerMillion, int tokens) {
    BigDecimal perMillion = BigDecimal.valueOf(microsPerMillion).divide(MILLION);
    return perMillion.multiply(BigDecimal.valueOf(tokens)).divide(MILLION, MathContext.UNLIMITED);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "499999, 0, 1", "500000, 0, 1", "1500000, 2, 2", "2500001, 3, 3"})
  void roundsHalfToEvenAndCoversUpwards(long picos, long micros, long covering) {
    assertThat(new Cost(picos).micros()).isEqualTo(micros);
    assertThat(Cost.micros(BigInteger.valueOf(picos))).isEqualTo(micros);
    assertThat(new Cost(picos).microsCovering()).isEqualTo(covering);
  }

  /** The largest rates and counts there can be. */
  @Test
  void nothingOverflows() {
    Rates most = new Rates(Rates.RATE_MAX, Rates.RATE_MAX, Rates.RATE_MAX);
    TokenCounts tokens = new TokenCounts(Integer.MAX_VALUE, 0, Integer.MAX_VALUE);
    assertThat(BigInteger.valueOf(most.cost(tokens).picos()))
        .isEqualTo(
            BigInteger.TWO
                .multiply(BigInteger.valueOf(Integer.MAX_VALUE))
                .multiply(BigInteger.valueOf(Rates.RATE_MAX)));
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThatThrownBy(() -> new Rates(-1, 0, 0)).hasMessageContaining("input");
    assertThatThrownBy(() -> new Rates(0, 0, Rates.RATE_MAX + 1)).hasMessageContaining("output");
    assertThatThrownBy(() -> new TokenCounts(1, 2, 0)).hasMessageContaining("2 of 1");
    assertThatThrownBy(() -> new Cost(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}

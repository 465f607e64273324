package io.galerne.metering;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What tokens cost, each in micro-units of the installation's currency per million tokens. So one
 * token costs as many 1e-12 units (picos) as its rate says, which is a whole number.
 *
 * @param cachedInput for tokens of the prompt that the prefix cache had
 */
public record Rates(long input, long cachedInput, long output) {
  /** 1 000 units per million tokens; with it no count of tokens overflows a sum in picos. */
  public static final long RATE_MAX = 1_000_000_000;

  public Rates {
    requireRate("input", input);
    requireRate("cachedInput", cachedInput);
    requireRate("output", output);
  }

  private static void requireRate(String name, long rate) {
    if (rate < 0 || rate > RATE_MAX) {
      throw new IllegalArgumentException(name + " is not between 0 and " + RATE_MAX + ": " + rate);
    }
  }

  /** Half of each; where that is no whole number, the even one of its neighbours. */
  public Rates half() {
    return new Rates(half(input), half(cachedInput), half(output));
  }

  private static long half(long rate) {
    return BigDecimal.valueOf(rate)
        .divide(BigDecimal.TWO, 0, RoundingMode.HALF_EVEN)
        .longValueExact();
  }

  /** What the tokens cost, exactly. */
  public Cost cost(TokenCounts tokens) {
    long cached = Math.multiplyExact(tokens.cachedPrompt(), cachedInput);
    long uncached = Math.multiplyExact((long) tokens.uncachedPrompt(), input);
    long completion = Math.multiplyExact(tokens.completion(), output);
    return new Cost(Math.addExact(Math.addExact(cached, uncached), completion));
  }
}

package io.galerne.metering;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * What one request costs, exactly: a whole number of 1e-12 units (picos). Sums are made of exact
 * costs and rounded once, where money is shown or asked for.
 */
public record Cost(long picos) {
  public static final Cost NOTHING = new Cost(0);
  public static final int PICOS_PER_MICRO = 1_000_000;
  private static final int DIGITS = 6;

  public Cost {
    if (picos < 0) {
      throw new IllegalArgumentException("a cost below zero: " + picos);
    }
  }

  /** In micro-units, rounded to the nearest and from the middle to the even one. */
  public long micros() {
    return micros(BigInteger.valueOf(picos));
  }

  /** In micro-units, rounded up: what must be set aside so that the cost is covered. */
  public long microsCovering() {
    return Math.ceilDiv(picos, PICOS_PER_MICRO);
  }

  /** A sum of exact costs in micro-units, rounded half-even: the one rounding of money. */
  public static long micros(BigInteger picos) {
    return new BigDecimal(picos, DIGITS).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
  }
}

package io.galerne.metering;

import java.math.BigInteger;
import java.time.LocalDate;

/**
 * What one tenant used of one model on one day (UTC).
 *
 * @param costPicos the exact cost, see {@link Cost}
 */
public record DailyUsage(
    LocalDate day,
    String model,
    long requests,
    long promptTokens,
    long cachedPromptTokens,
    long completionTokens,
    BigInteger costPicos) {
  public long costMicros() {
    return Cost.micros(costPicos);
  }
}

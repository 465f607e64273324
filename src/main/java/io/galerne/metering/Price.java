package io.galerne.metering;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of one model's price. It never changes; another price is another version.
 *
 * @param version its number in the ledger, null for the price of a model that has none
 * @param effectiveFrom requests that began before this moment don't pay it
 */
public record Price(
    @Nullable Long version, String model, Rates realtime, Rates batch, Instant effectiveFrom) {
  private static final Rates NOTHING = new Rates(0, 0, 0);

  /** A model that nobody gave a price costs nothing. */
  static Price none(String model) {
    return new Price(null, model, NOTHING, NOTHING, Instant.EPOCH);
  }

  public Rates rates(ServiceClass serviceClass) {
    return switch (serviceClass) {
      case REALTIME -> realtime;
      case BATCH -> batch;
    };
  }

  /** What the tokens cost, exactly. */
  public Cost cost(TokenCounts tokens, ServiceClass serviceClass) {
    return rates(serviceClass).cost(tokens);
  }
}

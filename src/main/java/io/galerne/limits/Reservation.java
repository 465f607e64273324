package io.galerne.limits;

import io.galerne.engine.TokenAllowance;
import io.galerne.journal.Deliveries;
import org.jspecify.annotations.Nullable;

/**
 * What an admitted request holds: its terms, its rates and its lease. It ends with the request's
 * line in the ledger, whose transaction gives back what wasn't used, or with {@link #cancel}.
 */
public final class Reservation {
  private final double weight;
  private final @Nullable Double waitingShare;
  private final RateState rates;
  private final TokenAllowance allowance;
  private final Deliveries deliveries;
  private final Runnable cancellation;

  Reservation(
      double weight,
      @Nullable Double waitingShare,
      RateState rates,
      TokenAllowance allowance,
      Deliveries deliveries,
      Runnable cancellation) {
    this.weight = weight;
    this.waitingShare = waitingShare;
    this.rates = rates;
    this.allowance = allowance;
    this.deliveries = deliveries;
    this.cancellation = cancellation;
  }

  /** A reservation of nothing, that allows everything. */
  public static Reservation unlimited() {
    return new Reservation(
        1, null, RateState.NONE, TokenAllowance.UNLIMITED, Deliveries.UNNOTED, () -> {});
  }

  /** The tenant's part of the engine, relative to others. */
  public double weight() {
    return weight;
  }

  /** The tenant's part of the places to wait, or null for the engine's own rule. */
  public @Nullable Double waitingShare() {
    return waitingShare;
  }

  public RateState rates() {
    return rates;
  }

  /** Asked for each token of the answer. */
  public TokenAllowance allowance() {
    return allowance;
  }

  /** Notes what a streamed answer delivers. */
  public Deliveries deliveries() {
    return deliveries;
  }

  /** The request does not run after all: gives back everything but its place in the rate. */
  public void cancel() {
    cancellation.run();
  }
}

package io.galerne.limits;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whether a request may run. */
public sealed interface Decision {
  /** It may: its reservation is held until the request is settled or {@link Reservation#cancel}. */
  record Admitted(Reservation reservation) implements Decision {}

  /** It may not, and nothing was taken for it. */
  sealed interface Denied extends Decision {
    /** When it is worth trying again. */
    Duration retryAfter();
  }

  /**
   * A rate is used up.
   *
   * @param model empty for all models together
   * @param max requests per second, or tokens per minute
   */
  record RateLimited(
      Scope scope, Unit unit, String model, double max, RateState state, Duration retryAfter)
      implements Denied {}

  /** The tokens of this month are used up. */
  record QuotaReached(Scope scope, String model, long tokensPerMonth, Duration retryAfter)
      implements Denied {}

  /** What may be spent this month is spent. */
  record CapReached(Scope scope, long capMicros, long spentMicros, Duration retryAfter)
      implements Denied {}

  /** The rest of what may be spent is reserved by requests in progress; some may come back. */
  record CapReserved(Scope scope, long capMicros, Duration retryAfter) implements Denied {}

  /** There is no database to ask. */
  record Unavailable(Duration retryAfter) implements Denied {}

  /** What a rate counts. */
  enum Unit {
    REQUESTS,
    TOKENS
  }

  /** The state of the rates, where the request came as far as to them. */
  static @Nullable RateState rates(Decision decision) {
    return switch (decision) {
      case Admitted(Reservation reservation) -> reservation.rates();
      case RateLimited limited -> limited.state();
      case QuotaReached _, CapReached _, CapReserved _, Unavailable _ -> null;
    };
  }
}

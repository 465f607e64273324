package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.limits.Scope;
import io.galerne.limits.SpendLimit;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What may be spent in a month, on the wire: the contract's fields, and ours in micro-units. */
record SpendLimitEntry(Limits limits) {
  private static final int MICRO_SCALE = 6;

  /**
   * @param lastPaymentFailure nobody pays here, so no payment ever failed
   */
  record Limits(
      Completion completion,
      @JsonProperty("last_payment_failure") boolean lastPaymentFailure,
      @JsonProperty("last_payment_failure_protection")
          @Nullable Boolean lastPaymentFailureProtection,
      String currency) {}

  /**
   * @param usage in whole units of the currency, with a fraction; what ends in {@code _micros} is
   *     the same exactly
   * @param givenLimitMicros what the plan gives an organization, or a key was made with
   */
  record Completion(
      @JsonProperty("no_monthly_limit") boolean noMonthlyLimit,
      @JsonProperty("monthly_limit_reached") boolean monthlyLimitReached,
      BigDecimal usage,
      @JsonProperty("vibe_usage") int vibeUsage,
      @JsonProperty("total_usage") BigDecimal totalUsage,
      @JsonProperty("usage_limit") @Nullable BigDecimal usageLimit,
      String scope,
      String month,
      @JsonProperty("usage_micros") long usageMicros,
      @JsonProperty("reserved_micros") long reservedMicros,
      @JsonProperty("usage_limit_micros") @Nullable Long usageLimitMicros,
      @JsonProperty("own_limit_micros") @Nullable Long ownLimitMicros,
      @JsonProperty("given_limit_micros") @Nullable Long givenLimitMicros) {}

  static SpendLimitEntry of(Scope scope, SpendLimit limit, String currency) {
    Long cap = limit.limitMicros();
    BigDecimal usage = units(limit.spentMicros());
    return new SpendLimitEntry(
        new Limits(
            new Completion(
                cap == null,
                limit.reached(),
                usage,
                0,
                usage,
                cap == null ? null : units(cap),
                scope.toString(),
                limit.month().toString(),
                limit.spentMicros(),
                limit.reservedMicros(),
                cap,
                limit.ownMicros(),
                limit.givenMicros()),
            false,
            null,
            currency));
  }

  static BigDecimal units(long micros) {
    return BigDecimal.valueOf(micros, MICRO_SCALE);
  }
}

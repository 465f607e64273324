package io.galerne.api;

import io.galerne.engine.FinishReason;
import io.galerne.limits.Decision;
import io.galerne.limits.Scope;
import io.galerne.serving.Ending;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * What limits are called on the wire, so that clients can tell a rate (429: slow down), a cap (402:
 * nothing will help but money or another month) and capacity (503: not the caller's doing) apart.
 */
final class LimitRefusals {
  static final String RATE = "1300";
  static final String MONTHLY_TOKENS = "1310";
  static final String SPEND_CAP = "1320";
  static final String SPEND_RESERVED = "1321";

  private static final int MICROS_DIGITS = 6;

  private LimitRefusals() {}

  static ApiException of(Decision.Denied denied) {
    return switch (denied) {
      case Decision.RateLimited limited ->
          refused(
              HttpStatus.TOO_MANY_REQUESTS,
              new ErrorEnvelope(rateMessage(limited), "rate_limited", null, RATE),
              limited.retryAfter());
      case Decision.QuotaReached(Scope scope, String model, long max, Duration retryAfter) ->
          refused(
              HttpStatus.PAYMENT_REQUIRED,
              new ErrorEnvelope(
                  "Monthly tokens used up: %d tokens per month%s for this %s"
                      .formatted(max, ofModel(model), scope),
                  "monthly_tokens_exceeded",
                  null,
                  MONTHLY_TOKENS),
              retryAfter);
      case Decision.CapReached(Scope scope, long cap, long spent, Duration retryAfter) ->
          refused(
              HttpStatus.PAYMENT_REQUIRED,
              new ErrorEnvelope(
                  "Monthly spend limit of this %s reached: %s of %s are spent, and the request does not fit into the rest"
                      .formatted(scope, money(spent), money(cap)),
                  "spend_limit_reached",
                  null,
                  SPEND_CAP),
              retryAfter);
      case Decision.CapReserved(Scope scope, long cap, Duration retryAfter) ->
          refused(
              HttpStatus.TOO_MANY_REQUESTS,
              new ErrorEnvelope(
                  "The rest of the monthly spend limit of this %s (%s) is reserved by requests in progress"
                      .formatted(scope, money(cap)),
                  "spend_limit_reserved",
                  null,
                  SPEND_RESERVED),
              retryAfter);
      case Decision.Unavailable(Duration retryAfter) ->
          refused(
              HttpStatus.SERVICE_UNAVAILABLE,
              new ErrorEnvelope("Limits can't be checked at the moment", "unavailable"),
              retryAfter);
    };
  }

  /** What an answer says that had to end before its end; null for all others. */
  static @Nullable ErrorEnvelope ending(FinishReason reason) {
    return reason == FinishReason.ALLOWANCE
        ? new ErrorEnvelope(
            "Monthly spend limit reached during the answer, which ends here; what was generated is"
                + " charged",
            "spend_limit_reached",
            null,
            SPEND_CAP)
        : null;
  }

  /** The same for several answers. */
  static @Nullable ErrorEnvelope ending(List<Ending.Choice> choices) {
    return choices.stream().anyMatch(choice -> choice.reason() == FinishReason.ALLOWANCE)
        ? ending(FinishReason.ALLOWANCE)
        : null;
  }

  private static String rateMessage(Decision.RateLimited limited) {
    String max = BigDecimal.valueOf(limited.max()).stripTrailingZeros().toPlainString();
    String unit =
        switch (limited.unit()) {
          case REQUESTS -> "requests per second";
          case TOKENS -> "tokens per minute";
        };
    return "Rate limit exceeded: %s %s%s for this %s, try again in %.3f s"
        .formatted(max, unit, ofModel(limited.model()), limited.scope(), seconds(limited));
  }

  private static double seconds(Decision.RateLimited limited) {
    return limited.retryAfter().toMillis() / 1000.0;
  }

  private static String ofModel(String model) {
    return model.isEmpty() ? "" : " of " + model;
  }

  private static String money(long micros) {
    return BigDecimal.valueOf(micros, MICROS_DIGITS).toPlainString();
  }

  /** Whole seconds, rounded up, for all clients; milliseconds for those that read them. */
  private static ApiException refused(
      HttpStatus status, ErrorEnvelope envelope, Duration retryAfter) {
    HttpHeaders headers = new HttpHeaders();
    long seconds = Math.max(1, Math.ceilDiv(retryAfter.toMillis(), 1000));
    headers.set(HttpHeaders.RETRY_AFTER, String.format(Locale.ROOT, "%d", seconds));
    headers.set("retry-after-ms", Long.toString(Math.max(1, retryAfter.toMillis())));
    return new ApiException(status, envelope, headers);
  }
}

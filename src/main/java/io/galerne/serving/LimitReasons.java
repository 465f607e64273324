package io.galerne.serving;

import io.galerne.limits.Decision;

/** What metrics call a denial. */
final class LimitReasons {
  private LimitReasons() {}

  static String of(Decision.Denied denied) {
    return switch (denied) {
      case Decision.RateLimited _ -> "rate_limited";
      case Decision.QuotaReached _ -> "quota_reached";
      case Decision.CapReached _ -> "cap_reached";
      case Decision.CapReserved _ -> "cap_reserved";
      case Decision.Unavailable _ -> "unavailable";
    };
  }
}

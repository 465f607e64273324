package io.galerne.limits;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Rates of one scope, for one model or all. What is null isn't limited.
 *
 * @param model empty for all models together
 * @param requestsBurst requests that may come at once; null for one second's, and at least one
 */
record RateRule(
    Scope scope,
    UUID scopeId,
    String model,
    @Nullable Double requestsPerSecond,
    @Nullable Integer requestsBurst,
    @Nullable Long tokensPerMinute,
    @Nullable Long tokensPerMonth) {
  boolean appliesTo(String requested) {
    return model.isEmpty() || model.equals(requested);
  }

  double burst() {
    if (requestsBurst != null) {
      return requestsBurst;
    }
    return requestsPerSecond == null ? 0 : Math.max(1, Math.ceil(requestsPerSecond));
  }

  /** Names this rule's buckets; the names' order is that of locks. */
  String name(String unit) {
    return unit + ":" + scope + ":" + scopeId + ":" + model;
  }
}

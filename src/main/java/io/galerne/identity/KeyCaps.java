package io.galerne.identity;

import org.jspecify.annotations.Nullable;

/**
 * The most that one key may use; null caps nothing. What is used is counted for the key and the
 * keys it replaced by rotation together.
 *
 * @param monthlySpendMicros in millionths of the currency, for a calendar month in UTC
 */
public record KeyCaps(
    @Nullable Integer requestsPerSecond,
    @Nullable Long tokensPerMinute,
    @Nullable Long tokensPerMonth,
    @Nullable Long monthlySpendMicros) {
  /** No caps. */
  public static final KeyCaps NONE = new KeyCaps(null, null, null, null);
}

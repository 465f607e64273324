package io.galerne.limits;

import org.jspecify.annotations.Nullable;

/**
 * The tightest rate of requests and of tokens, after the request at hand.
 *
 * @param requests null where requests have no rate
 * @param tokens null where tokens have none
 * @param queryTokens what the request took of them so far: its prompt
 */
public record RateState(@Nullable Rate requests, @Nullable Rate tokens, int queryTokens) {
  /** No rates. */
  public static final RateState NONE = new RateState(null, null, 0);

  /**
   * @param perMinute what a minute brings
   * @param remaining what passes now without waiting, never more than {@code perMinute}
   */
  public record Rate(long perMinute, long remaining) {}
}

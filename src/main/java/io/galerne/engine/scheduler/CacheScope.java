package io.galerne.engine.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Where a request's prefix is looked for and kept.
 *
 * @param namespace null to share nothing, not even with the same caller
 * @param publicTokens leading tokens of the prompt that are nobody's secret: their full blocks are
 *     shared by all
 */
public record CacheScope(@Nullable CacheNamespace namespace, int publicTokens) {
  /** Shares nothing. */
  public static final CacheScope NONE = new CacheScope(null, 0);

  public CacheScope {
    if (publicTokens < 0) {
      throw new IllegalArgumentException("publicTokens must be at least 0");
    }
  }

  /** Everything within one namespace. */
  public static CacheScope of(CacheNamespace namespace) {
    return new CacheScope(namespace, 0);
  }

  /** The namespace of a block that ends before position {@code to}; null if it is not shared. */
  @Nullable CacheNamespace namespace(int to) {
    return to <= publicTokens ? CacheNamespace.PUBLIC : namespace;
  }
}

package io.galerne.engine.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * On which terms a request is served.
 *
 * @param key whose request it is: requests of one key share its part of the engine
 * @param weight the key's part relative to others, in [{@value #WEIGHT_MIN}, {@value #WEIGHT_MAX}]
 * @param deadlineNanos on the scheduler's clock ({@link System#nanoTime}) when the request ends
 *     unless it has ended before; null for never
 */
public record ServiceTerms(
    String key, double weight, Priority priority, @Nullable Long deadlineNanos) {
  public static final double WEIGHT_MIN = 1e-3;
  public static final double WEIGHT_MAX = 1e6;

  /** One key for all, at equal weight. */
  public static final ServiceTerms DEFAULT = of("");

  public ServiceTerms {
    if (!(weight >= WEIGHT_MIN && weight <= WEIGHT_MAX)) {
      throw new IllegalArgumentException(
          "weight: %s is not in %s to %s".formatted(weight, WEIGHT_MIN, WEIGHT_MAX));
    }
  }

  /** Interactive, of weight 1, with no deadline. */
  public static ServiceTerms of(String key) {
    return new ServiceTerms(key, 1, Priority.INTERACTIVE, null);
  }

  /** Whether the deadline has passed. */
  public boolean expired(long nowNanos) {
    Long deadline = deadlineNanos;
    return deadline != null && nowNanos - deadline >= 0;
  }
}

package io.galerne.engine.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * On which terms a request is served.
 *
 * @param key whose request it is: requests of one key share its part of the engine
 * @param weight the key's part relative to others, in [{@value #WEIGHT_MIN}, {@value #WEIGHT_MAX}]
 * @param deadlineNanos on the scheduler's clock ({@link System#nanoTime}) when the request ends
 *     unless it has ended before; null for never
 * @param waitingShare the part of the engine's waiting places that requests of the key may take, in
 *     (0, 1]; null for as much as the engine gives each key
 */
public record ServiceTerms(
    String key,
    double weight,
    Priority priority,
    @Nullable Long deadlineNanos,
    @Nullable Double waitingShare) {
  public static final double WEIGHT_MIN = 1e-3;
  public static final double WEIGHT_MAX = 1e6;

  /** One key for all, at equal weight. */
  public static final ServiceTerms DEFAULT = of("");

  public ServiceTerms {
    if (!(weight >= WEIGHT_MIN && weight <= WEIGHT_MAX)) {
      throw new IllegalArgumentException(
          "weight: %s is not in %s to %s".formatted(weight, WEIGHT_MIN, WEIGHT_MAX));
    }
    if (waitingShare != null && !(waitingShare > 0 && waitingShare <= 1)) {
      throw new IllegalArgumentException(
          "waitingShare: %s is not in (0, 1]".formatted(waitingShare));
    }
  }

  /** Terms with the engine's own share of waiting places. */
  public ServiceTerms(String key, double weight, Priority priority, @Nullable Long deadlineNanos) {
    this(key, weight, priority, deadlineNanos, null);
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

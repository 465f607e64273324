package io.galerne.limits;

import io.galerne.limits.RateLimits.TokenLimits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a plan gives the organisations that are on it. What is null isn't limited.
 *
 * @param requestsBurst requests that may come at once
 * @param spendCapMicros of each month
 * @param weight of the organisation's requests against others' in the engines' queues
 * @param waitingShare the part of the places to wait that one organisation may take, up to 1
 * @param byModel tokens of single models
 */
public record PlanTerms(
    @Nullable Double requestsPerSecond,
    @Nullable Integer requestsBurst,
    @Nullable Long tokensPerMinute,
    @Nullable Long tokensPerMonth,
    @Nullable Long spendCapMicros,
    double weight,
    @Nullable Double waitingShare,
    SortedMap<String, TokenLimits> byModel) {
  public static final double RATE_MAX = 1_000_000;
  public static final int BURST_MAX = 1_000_000;
  public static final long TOKENS_MAX = 1_000_000_000_000_000L;
  public static final double WEIGHT_MIN = 0.001;
  public static final double WEIGHT_MAX = 1_000_000;
  public static final int MODELS_MAX = 100;
  private static final int MODEL_CHARS_MAX = 200;

  public PlanTerms {
    byModel = Collections.unmodifiableSortedMap(new TreeMap<>(byModel));
  }

  /** What is wrong with a field, in words. */
  public record Problem(String field, String message) {}

  /** What keeps these terms from being a plan's; empty if nothing does. */
  public List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    within(problems, "requests_per_second", requestsPerSecond, 1e-6, RATE_MAX);
    within(problems, "requests_burst", requestsBurst, 1, BURST_MAX);
    within(problems, "tokens_per_minute", tokensPerMinute, 1, TOKENS_MAX);
    within(problems, "tokens_per_month", tokensPerMonth, 1, TOKENS_MAX);
    within(problems, "spend_cap_micros", spendCapMicros, 0, SpendLimitDesk.CAP_MICROS_MAX);
    within(problems, "weight", weight, WEIGHT_MIN, WEIGHT_MAX);
    within(problems, "waiting_share", waitingShare, 1e-6, 1);
    if (requestsBurst != null && requestsPerSecond == null) {
      problems.add(new Problem("requests_burst", "needs requests_per_second"));
    }
    if (byModel.size() > MODELS_MAX) {
      problems.add(new Problem("models", "at most " + MODELS_MAX));
    }
    byModel.forEach(
        (model, tokens) -> {
          if (model.isBlank() || model.length() > MODEL_CHARS_MAX) {
            problems.add(new Problem("models", "a name has 1 to " + MODEL_CHARS_MAX + " letters"));
          }
          if (tokens.perMinute() == null && tokens.perMonth() == null) {
            problems.add(new Problem("models", model + " has no limit"));
          }
          within(problems, "models", tokens.perMinute(), 1, TOKENS_MAX);
          within(problems, "models", tokens.perMonth(), 1, TOKENS_MAX);
        });
    return problems;
  }

  private static void within(
      List<Problem> problems, String field, @Nullable Number value, double min, double max) {
    // written so that what is no number is out of range too
    if (value != null && !(value.doubleValue() >= min && value.doubleValue() <= max)) {
      problems.add(new Problem(field, "from " + shown(min) + " to " + shown(max)));
    }
  }

  private static String shown(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}

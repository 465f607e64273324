package io.galerne.limits;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rates and monthly tokens. What is null isn't limited.
 *
 * @param byModel tokens of single models, by their ids in the catalogue
 */
public record RateLimits(
    @Nullable Double requestsPerSecond,
    @Nullable Integer requestsBurst,
    @Nullable Long tokensPerMinute,
    @Nullable Long tokensPerMonth,
    SortedMap<String, TokenLimits> byModel) {
  /** Nothing is limited. */
  public static final RateLimits NONE = new RateLimits(null, null, null, null, new TreeMap<>());

  public RateLimits {
    byModel = Collections.unmodifiableSortedMap(new TreeMap<>(byModel));
  }

  /** Tokens of one model. */
  public record TokenLimits(@Nullable Long perMinute, @Nullable Long perMonth) {
    /** Nothing is limited. */
    public static final TokenLimits NONE = new TokenLimits(null, null);
  }

  /** What holds for a model: the lower of its own limits and of those of all models together. */
  public TokenLimits of(String model) {
    TokenLimits own = byModel.getOrDefault(model, TokenLimits.NONE);
    return new TokenLimits(
        lower(own.perMinute(), tokensPerMinute), lower(own.perMonth(), tokensPerMonth));
  }

  /** The lowest of all rules. */
  static RateLimits lowest(List<RateRule> rules) {
    RateRule requests =
        rules.stream()
            .filter(rule -> rule.model().isEmpty() && rule.requestsPerSecond() != null)
            .min(Comparator.comparingDouble(rule -> orMax(rule.requestsPerSecond())))
            .orElse(null);
    Map<String, TokenLimits> byModel = new TreeMap<>();
    rules.stream()
        .map(RateRule::model)
        .filter(model -> !model.isEmpty())
        .distinct()
        .forEach(model -> byModel.put(model, tokens(rules, model)));
    TokenLimits all = tokens(rules, "");
    return new RateLimits(
        requests == null ? null : requests.requestsPerSecond(),
        requests == null ? null : Integer.valueOf((int) requests.burst()),
        all.perMinute(),
        all.perMonth(),
        new TreeMap<>(byModel));
  }

  private static double orMax(@Nullable Double rate) {
    return rate == null ? Double.MAX_VALUE : rate;
  }

  private static TokenLimits tokens(List<RateRule> rules, String model) {
    return new TokenLimits(
        lowest(rules, model, RateRule::tokensPerMinute),
        lowest(rules, model, RateRule::tokensPerMonth));
  }

  private static @Nullable Long lowest(
      List<RateRule> rules, String model, Function<RateRule, @Nullable Long> limit) {
    return rules.stream()
        .filter(rule -> rule.model().equals(model))
        .flatMap(rule -> Stream.ofNullable(limit.apply(rule)))
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private static @Nullable Long lower(@Nullable Long one, @Nullable Long other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return Math.min(one, other);
  }
}

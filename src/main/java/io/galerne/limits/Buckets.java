package io.galerne.limits;

import io.galerne.limits.RateState.Rate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The token buckets (Turner, 1986) and monthly quotas that a request has to pass, in the order in
 * which all requests lock them. A bucket of requests gives one to each; one of tokens gives the
 * prompt's at once, and takes the answer's when they are known.
 */
record Buckets(List<Bucket> buckets, List<Quota> quotas) {
  private static final double SECONDS_PER_MINUTE = 60;

  record Bucket(
      String name, RateRule rule, Decision.Unit unit, double capacity, double rate, double cost) {
    double max() {
      return unit == Decision.Unit.REQUESTS ? rate : rate * SECONDS_PER_MINUTE;
    }
  }

  record Quota(String name, RateRule rule, long max) {}

  static Buckets of(Terms terms, Demand demand) {
    List<Bucket> buckets = new ArrayList<>();
    List<Quota> quotas = new ArrayList<>();
    if (demand.realTime()) {
      for (RateRule rule : terms.rules()) {
        if (rule.appliesTo(demand.model())) {
          add(rule, demand, buckets, quotas);
        }
      }
    }
    buckets.sort(Comparator.comparing(Bucket::name));
    quotas.sort(Comparator.comparing(Quota::name));
    return new Buckets(distinct(buckets), quotas);
  }

  private static void add(RateRule rule, Demand demand, List<Bucket> buckets, List<Quota> quotas) {
    Double perSecond = rule.requestsPerSecond();
    if (perSecond != null) {
      buckets.add(
          new Bucket(
              rule.name("requests"), rule, Decision.Unit.REQUESTS, rule.burst(), perSecond, 1));
    }
    Long perMinute = rule.tokensPerMinute();
    if (perMinute != null) {
      buckets.add(
          new Bucket(
              rule.name("tokens"),
              rule,
              Decision.Unit.TOKENS,
              perMinute,
              perMinute / SECONDS_PER_MINUTE,
              demand.promptTokens()));
    }
    Long perMonth = rule.tokensPerMonth();
    if (perMonth != null) {
      quotas.add(new Quota(rule.name("tokens"), rule, perMonth));
    }
  }

  /** A plan and the tenant itself may limit the same: the lower limit holds. */
  private static List<Bucket> distinct(List<Bucket> sorted) {
    List<Bucket> distinct = new ArrayList<>();
    for (Bucket bucket : sorted) {
      if (distinct.isEmpty() || !distinct.getLast().name().equals(bucket.name())) {
        distinct.add(bucket);
      } else if (bucket.rate() < distinct.getLast().rate()) {
        distinct.set(distinct.size() - 1, bucket);
      }
    }
    return distinct;
  }

  /**
   * @param levels of the buckets, after the request where it was admitted
   */
  RateState state(double[] levels, int promptTokens) {
    return new RateState(
        tightest(Decision.Unit.REQUESTS, levels),
        tightest(Decision.Unit.TOKENS, levels),
        promptTokens);
  }

  private @Nullable Rate tightest(Decision.Unit unit, double[] levels) {
    Rate tightest = null;
    for (int i = 0; i < levels.length; i++) {
      Bucket bucket = buckets.get(i);
      if (bucket.unit() == unit) {
        long perMinute = Math.round(bucket.rate() * SECONDS_PER_MINUTE);
        long remaining = Math.max(0, Math.min(perMinute, (long) Math.floor(levels[i] + 1e-9)));
        if (tightest == null || remaining < tightest.remaining()) {
          tightest = new Rate(perMinute, remaining);
        }
      }
    }
    return tightest;
  }
}

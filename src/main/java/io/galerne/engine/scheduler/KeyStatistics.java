package io.galerne.engine.scheduler;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a fairness key has in the engine, and what it was given.
 *
 * @param servedTokens tokens of prompts and answers computed for it since it was first seen; less
 *     what came from the cache or was computed again
 * @param service the virtual counter: cost of what was computed, divided by the weight; whoever
 *     waits with the least is next. Of the two classes of service the one that is ahead
 * @param weight that the key's last request came with
 */
public record KeyStatistics(
    String key, int running, int waiting, long servedTokens, double service, double weight) {
  /** The keys of both classes. */
  static List<KeyStatistics> of(Collection<Account> interactive, Collection<Account> batch) {
    Map<String, KeyStatistics> sums = new LinkedHashMap<>();
    interactive.forEach(account -> sums.merge(account.key, of(account), KeyStatistics::plus));
    batch.forEach(account -> sums.merge(account.key, of(account), KeyStatistics::plus));
    return new ArrayList<>(sums.values());
  }

  private static KeyStatistics of(Account account) {
    int waiting = account.waiting.size();
    return new KeyStatistics(
        account.key,
        account.live - waiting,
        waiting,
        account.servedTokens,
        account.counter,
        account.weight);
  }

  private KeyStatistics plus(KeyStatistics other) {
    return new KeyStatistics(
        key,
        running + other.running,
        waiting + other.waiting,
        servedTokens + other.servedTokens,
        Math.max(service, other.service),
        Math.max(weight, other.weight));
  }
}

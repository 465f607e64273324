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
 */
public record KeyStatistics(String key, int running, int waiting, long servedTokens) {
  /** The keys of both classes. */
  static List<KeyStatistics> of(Collection<Account> interactive, Collection<Account> batch) {
    Map<String, KeyStatistics> sums = new LinkedHashMap<>();
    interactive.forEach(account -> sums.merge(account.key, of(account), KeyStatistics::plus));
    batch.forEach(account -> sums.merge(account.key, of(account), KeyStatistics::plus));
    return new ArrayList<>(sums.values());
  }

  private static KeyStatistics of(Account account) {
    int waiting = account.waiting.size();
    return new KeyStatistics(account.key, account.live - waiting, waiting, account.servedTokens);
  }

  private KeyStatistics plus(KeyStatistics other) {
    return new KeyStatistics(
        key, running + other.running, waiting + other.waiting, servedTokens + other.servedTokens);
  }
}

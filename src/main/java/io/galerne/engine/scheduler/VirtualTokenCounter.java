package io.galerne.engine.scheduler;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: the virtual token counter of Sheng et al., "Fairness in Serving Large Language
 * Models" (OSDI 2024, algorithms 2 and 4). Each key has a counter of the service it received; the
 * waiting key with the least is served first. Cost, as in the paper: {@value #PROMPT_COST} for a
 * token of a prompt, {@value #ANSWER_COST} for one of an answer, divided by the request's weight.
 * It is charged when the token is computed and not when its request starts, so prompts that are
 * read in chunks are charged in chunks; tokens found in the cache and tokens computed again after a
 * preemption cost nothing.
 *
 * <p>A key that comes to wait after a pause is lifted to the least counter of those that wait: time
 * in which it asked for nothing earns it nothing. If nobody waits, it is lifted to the counter of
 * the key that waited last. This level never falls.
 *
 * <p>Keys that have nothing in the engine are remembered up to a bound. One whose counter is not
 * above the level can be forgotten at no loss, since it would be lifted there anyway. If others
 * must go, the counter of whoever was forgotten is where unknown keys begin, so that being
 * forgotten gains nothing.
 *
 * <p>Belongs to the engine's thread.
 */
class VirtualTokenCounter {
  static final double PROMPT_COST = 1;
  static final double ANSWER_COST = 2;

  private final int idleKeysMax;
  private final Map<String, Account> accounts = new LinkedHashMap<>();

  /** The accounts with waiting requests. */
  private final List<Account> backlogged = new ArrayList<>();

  private @Nullable Account lastToWait;
  private double level;
  private double newcomersStart;

  VirtualTokenCounter(int idleKeysMax) {
    this.idleKeysMax = idleKeysMax;
  }

  /** A request arrives. */
  void arrive(Sequence sequence) {
    Account account = account(sequence.terms().key());
    account.live++;
    account.weight = sequence.terms().weight();
    sequence.state.account = account;
    wait(account);
    account.waiting.addLast(sequence);
  }

  /** A request that ran has to wait again, before the others of its key. */
  void returned(Sequence sequence) {
    Account account = accountOf(sequence);
    wait(account);
    account.waiting.addFirst(sequence);
  }

  /** A waiting request is served, or goes away. */
  void leave(Sequence sequence) {
    Account account = accountOf(sequence);
    account.waiting.remove(sequence);
    if (account.waiting.isEmpty()) {
      backlogged.remove(account);
      if (backlogged.isEmpty()) {
        lastToWait = account;
      }
    }
  }

  /** A request that no longer waits has ended. */
  void end(Sequence sequence) {
    accountOf(sequence).live--;
    if (accounts.size() - backlogged.size() > idleKeysMax) {
      forget();
    }
  }

  /** Charges what a step computes for a request; negative if it is computed after all not. */
  void charge(Sequence sequence, double cost, int tokens) {
    Account account = accountOf(sequence);
    account.counter += cost / sequence.terms().weight();
    account.servedTokens += tokens;
  }

  /** The next request in turn, or null. */
  @Nullable Sequence head() {
    Sequence head = null;
    for (int i = 0; i < backlogged.size(); i++) {
      Sequence candidate = backlogged.get(i).waiting.getFirst();
      if (head == null || isBefore(candidate, head)) {
        head = candidate;
      }
    }
    return head;
  }

  /** Whether a request's key has had less service, or as much and it came first. */
  boolean isBefore(Sequence one, Sequence other) {
    int byCounter = compare(one, other);
    return byCounter != 0 ? byCounter < 0 : one.state.arrival < other.state.arrival;
  }

  /** Compares the service that two requests' keys have had. */
  static int compare(Sequence one, Sequence other) {
    return Double.compare(accountOf(one).counter, accountOf(other).counter);
  }

  Collection<Account> accounts() {
    return accounts.values();
  }

  /** The counter below which nobody comes to wait. */
  double level() {
    if (backlogged.isEmpty()) {
      return lastToWait == null ? level : Math.max(level, lastToWait.counter);
    }
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < backlogged.size(); i++) {
      least = Math.min(least, backlogged.get(i).counter);
    }
    return Math.max(level, least);
  }

  /** Raises the counter of a key that comes to wait. */
  void lift(Account account) {
    level = level();
    account.counter = Math.max(account.counter, level);
  }

  private void wait(Account account) {
    if (account.waiting.isEmpty()) {
      lift(account);
      backlogged.add(account);
    }
  }

  private Account account(String key) {
    Account known = accounts.get(key);
    if (known != null) {
      return known;
    }
    var account = new Account(key);
    account.counter = newcomersStart;
    accounts.put(key, account);
    return account;
  }

  private void forget() {
    level = level();
    accounts.values().removeIf(account -> account.live == 0 && account.counter <= level);
    long idle = accounts.values().stream().filter(account -> account.live == 0).count();
    if (idle > idleKeysMax) {
      accounts.values().stream()
          .filter(account -> account.live == 0)
          .min(Comparator.comparingDouble(account -> account.counter))
          .ifPresent(
              account -> {
                newcomersStart = Math.max(newcomersStart, account.counter);
                accounts.remove(account.key);
              });
    }
  }

  static Account accountOf(Sequence sequence) {
    Account account = sequence.state.account;
    if (account == null) {
      throw new IllegalStateException("a sequence that never arrived");
    }
    return account;
  }
}

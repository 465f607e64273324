package io.galerne.limits;

import io.galerne.engine.TokenAllowance;
import io.galerne.identity.Caller;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one answer may still cost, in blocks from the budget. The engine takes token by token; when
 * half a block is left the next one is asked for, so that an ample budget makes nobody wait. An
 * answer rests while the next block is on its way, and ends when there can't be one.
 */
final class Lease implements TokenAllowance {
  private static final long ASK_AGAIN_NANOS = 50_000_000;

  private final UUID requestId;
  private final Caller caller;
  private final Terms terms;
  private final TokenPrice price;
  private final int promptTokens;
  private final int completionMax;
  private final LimitsProperties properties;
  private final Consumer<Lease> asker;
  private final AtomicBoolean asking = new AtomicBoolean();

  private long reserved; // guarded by asking: one extension at a time
  private volatile int granted;
  private volatile boolean denied;

  /** The last answer was no, not yet. */
  private volatile boolean refusedSinceRest;

  private volatile long askAgainNanos = System.nanoTime();

  // of the engine's thread
  private int taken;
  private @Nullable Long restsSinceNanos;

  /**
   * @param reserved in 1e-12 units, prompt included
   */
  Lease(
      Demand demand,
      Terms terms,
      TokenPrice price,
      long reserved,
      LimitsProperties properties,
      Consumer<Lease> asker) {
    this.requestId = demand.requestId();
    this.caller = demand.caller();
    this.terms = terms;
    this.price = price;
    this.promptTokens = demand.promptTokens();
    this.completionMax = demand.completionTokensMax();
    this.reserved = reserved;
    this.properties = properties;
    this.asker = asker;
    this.granted = covered();
  }

  private int covered() {
    if (price.output() == 0) {
      return completionMax;
    }
    long tokens = (reserved - price.cost(promptTokens, 0)) / price.output();
    return Math.clamp(tokens, 0, completionMax);
  }

  @Override
  public Verdict take() {
    int covered = granted;
    if (taken < covered || covered >= completionMax) {
      taken++;
      restsSinceNanos = null;
      if (covered < completionMax && covered - taken <= properties.blockTokens() / 2) {
        ask();
      }
      return Verdict.GRANTED;
    }
    if (denied || restedTooLong()) {
      return Verdict.DENIED;
    }
    ask();
    return Verdict.NOT_YET;
  }

  /** The time counts while the budget says no, not while the database is slow or away. */
  private boolean restedTooLong() {
    long now = System.nanoTime();
    Long since = restsSinceNanos;
    if (since == null) {
      restsSinceNanos = now;
      return false;
    }
    return refusedSinceRest && now - since > properties.returnWait().toNanos();
  }

  private void ask() {
    if (!denied && System.nanoTime() - askAgainNanos >= 0 && asking.compareAndSet(false, true)) {
      asker.accept(this);
    }
  }

  /**
   * How much more is wanted, in 1e-12 units: at most a block, and no more than the answer's end.
   */
  long want() {
    int tokens = Math.min(properties.blockTokens(), completionMax - granted);
    return tokens * price.output();
  }

  /** The least that is of use. */
  long unit() {
    return price.output();
  }

  /** The budget's answer. */
  void extended(long added, boolean mayCome) {
    reserved += added;
    granted = covered();
    if (added == 0) {
      refusedSinceRest = true;
      denied = !mayCome;
      askAgainNanos = System.nanoTime() + ASK_AGAIN_NANOS;
    } else {
      refusedSinceRest = false;
    }
    asking.set(false);
  }

  /** The request is over as far as the database knows. */
  void gone() {
    denied = true;
    asking.set(false);
  }

  /** There was no answer; the lease asks again a little later. */
  void unanswered() {
    refusedSinceRest = false;
    askAgainNanos = System.nanoTime() + ASK_AGAIN_NANOS;
    asking.set(false);
  }

  UUID requestId() {
    return requestId;
  }

  Caller caller() {
    return caller;
  }

  Terms terms() {
    return terms;
  }
}

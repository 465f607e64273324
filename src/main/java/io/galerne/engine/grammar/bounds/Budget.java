package io.galerne.engine.grammar.bounds;

import com.sun.management.ThreadMXBean;
import io.galerne.engine.grammar.bounds.GrammarException.Kind;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * What is left of a compilation's allowance. Everything that grows spends from it first, so that no
 * source can make it grow without end. For one thread.
 */
public final class Budget {
  private static final int CLOCK_INTERVAL = 2048;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final GrammarLimits limits;
  private final long deadlineNanos;
  private final long allocatedBefore;
  private long work;
  private long nextLook = CLOCK_INTERVAL;
  private String keyword = "";
  private String pointer = "";

  public Budget(GrammarLimits limits) {
    this.limits = limits;
    this.deadlineNanos = now() + limits.compileTime().toNanos();
    this.allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
  }

  /** For what is part of the engine and made once. */
  public static Budget unlimited() {
    return new Budget(
        new GrammarLimits(
            1 << 30,
            64,
            1 << 20,
            1 << 20,
            1 << 20,
            1 << 20,
            1 << 20,
            1 << 30,
            64,
            1L << 40,
            Duration.ofDays(1)));
  }

  public GrammarLimits limits() {
    return limits;
  }

  /** Notes what is being compiled, for the message of a refusal. */
  public void at(String keyword, String pointer) {
    this.keyword = keyword;
    this.pointer = pointer;
  }

  /**
   * Spends steps of work.
   *
   * @throws GrammarException when none are left, or the time is up
   */
  public void spend(long steps) {
    work += steps;
    if (work > limits.work()) {
      throw refusal(Kind.TOO_LARGE, "needs more than " + limits.work() + " steps to compile");
    }
    if (work >= nextLook) {
      nextLook = work + CLOCK_INTERVAL;
      if (THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore > limits.memoryBytes()) {
        throw refusal(
            Kind.TOO_LARGE, "needs more than " + (limits.memoryBytes() >> 20) + " MB to compile");
      }
      if (now() - deadlineNanos > 0) {
        throw refusal(
            Kind.TOO_SLOW,
            "took longer than " + limits.compileTime().toMillis() + " ms to compile");
      }
    }
  }

  /** Bytes that were allocated so far: what is kept of them is less. */
  public long allocatedBytes() {
    return THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
  }

  /** By the processor's time: how busy the machine is says nothing about a grammar. */
  private static long now() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** A refusal of what is being compiled. */
  public GrammarException refusal(Kind kind, String detail) {
    return new GrammarException(kind, keyword, pointer, detail);
  }

  /** Refuses a count above its limit. */
  public void atMost(long limit, long count, String what) {
    if (count > limit) {
      throw refusal(Kind.TOO_LARGE, count + " " + what + " are more than " + limit);
    }
  }
}

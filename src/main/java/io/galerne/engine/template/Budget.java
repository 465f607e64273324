package io.galerne.engine.template;

import java.time.Duration;

/**
 * What one rendering may use up. Every piece of work is charged before it is done, in proportion to
 * its size, so the bound on steps bounds time and memory as well; the clock is the second line.
 *
 * <p>The clock is looked at after little work. If much time has passed between two looks the thread
 * was not running, which is no fault of the template: on a crowded machine an honest one must not
 * be refused. So such a gap counts as a short one, and the time on the wall has a bound of its own.
 */
final class Budget {
  private static final int MOST_STEPS = 1_000_000;
  private static final int DEEPEST = 200;
  private static final int LONGEST_TEXT = 1 << 20;
  private static final long MOST_CHARACTERS = 32L << 20;
  private static final Duration LONGEST_TIME = Duration.ofMillis(100);
  private static final Duration LONGEST_TIME_ON_WALL = Duration.ofSeconds(2);
  private static final long LONGEST_GAP_NANOS = Duration.ofMillis(10).toNanos();
  private static final int WORK_BETWEEN_LOOKS = 64;

  private final long mostSteps;
  private final int deepest;
  private final long start = System.nanoTime();
  private long lastLook = start;
  private long busyNanos;
  private long steps;
  private long characters;
  private int depth;
  private int untilClock;

  Budget() {
    this(MOST_STEPS, DEEPEST);
  }

  Budget(long mostSteps, int deepest) {
    this.mostSteps = mostSteps;
    this.deepest = deepest;
  }

  void step() {
    steps(1);
  }

  void steps(long count) {
    steps += count;
    if (steps > mostSteps) {
      throw new TemplateException("the template takes more than " + mostSteps + " steps");
    }
    lookAtClock(count);
  }

  private void lookAtClock(long work) {
    untilClock -= (int) Math.min(work, Integer.MAX_VALUE / 2);
    if (untilClock >= 0) {
      return;
    }
    untilClock = WORK_BETWEEN_LOOKS;
    long now = System.nanoTime();
    busyNanos += Math.min(now - lastLook, LONGEST_GAP_NANOS);
    lastLook = now;
    if (busyNanos > LONGEST_TIME.toNanos() || now - start > LONGEST_TIME_ON_WALL.toNanos()) {
      throw new TemplateException(
          "the template takes longer than " + LONGEST_TIME.toMillis() + " ms");
    }
  }

  /** Charges for reading so many characters. */
  void reading(int count) {
    steps(1 + count / 64);
  }

  /**
   * Charges for looking for a part within a text, which in the worst case compares all with all.
   */
  void searching(int length, int partLength) {
    steps(1 + (long) length * partLength / 1024);
  }

  /** Charges for a text about to be made, of which so many characters exist already. */
  void writing(int existing, long more) {
    if (existing + more > LONGEST_TEXT) {
      throw new TemplateException(
          "the template makes a text of more than " + LONGEST_TEXT + " characters");
    }
    lookAtClock(1);
    characters += more;
    if (characters > MOST_CHARACTERS) {
      throw new TemplateException(
          "the template makes more than " + MOST_CHARACTERS + " characters of text in all");
    }
  }

  void enter() {
    if (++depth > deepest) {
      throw new TemplateException("the template is nested more than " + deepest + " levels deep");
    }
    step();
  }

  void leave() {
    depth--;
  }
}

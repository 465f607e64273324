package io.galerne.engine.template;

import java.time.Duration;

/**
 * What one rendering may use up. Every piece of work is charged before it is done, in proportion to
 * its size, so the bound on steps bounds time and memory as well; the clock is the second line.
 */
final class Budget {
  private static final int MOST_STEPS = 1_000_000;
  private static final int DEEPEST = 200;
  private static final int LONGEST_TEXT = 1 << 20;
  private static final long MOST_CHARACTERS = 32L << 20;
  private static final Duration LONGEST_TIME = Duration.ofSeconds(2);

  private final long mostSteps;
  private final int deepest;
  private final long deadline = System.nanoTime() + LONGEST_TIME.toNanos();
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
    untilClock -= (int) Math.min(count, Integer.MAX_VALUE / 2);
    if (untilClock < 0) {
      untilClock = 1000;
      if (System.nanoTime() - deadline > 0) {
        throw new TemplateException(
            "the template takes longer than " + LONGEST_TIME.toSeconds() + " s");
      }
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

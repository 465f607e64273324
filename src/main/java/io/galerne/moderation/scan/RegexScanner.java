package io.galerne.moderation.scan;

import io.galerne.moderation.scan.RegexProgram.Instruction;
import java.util.Arrays;

/**
 * Runs a {@link RegexProgram} over a text, all its alternatives side by side (Pike's way), so that
 * the time is linear in the text. Of alternatives in the same state only the one that began first
 * is kept. A match is any stretch of the text that the pattern matches; overlapping ones are all
 * reported, because whoever covers matches up covers their union.
 */
public final class RegexScanner implements Scanner {
  private static final int NONE = -1;

  private final RegexProgram program;
  private final int lengthMax;

  /** States that wait for the next character: their instructions, and where each match began. */
  private Threads waiting;

  private Threads coming;
  private int before = NONE;
  private int end;

  /** Instructions without repetition, each with the earliest beginning. */
  private static final class Threads {
    private final int[] starts; // by instruction
    private final int[] list;
    private int size;

    Threads(int instructions) {
      starts = new int[instructions];
      Arrays.fill(starts, NOTHING);
      list = new int[instructions];
    }

    /** False where an alternative that began no later is there already. */
    boolean add(int pc, int start) {
      if (starts[pc] == NOTHING) {
        list[size++] = pc;
      } else if (starts[pc] <= start) {
        return false;
      }
      starts[pc] = start;
      return true;
    }

    void clear() {
      for (int i = 0; i < size; i++) {
        starts[list[i]] = NOTHING;
      }
      size = 0;
    }
  }

  /**
   * @param lengthMax of a longer match only so many chars at its end are reported
   */
  public RegexScanner(RegexProgram program, int lengthMax) {
    this.program = program;
    this.lengthMax = lengthMax;
    waiting = new Threads(program.program().length);
    coming = new Threads(program.program().length);
  }

  @Override
  public void next(int codePoint, int start, int charEnd, Hits hits) {
    boolean begins = program.mayBeginWith(codePoint);
    if (waiting.size > 0 || begins) {
      step(codePoint, start, charEnd, begins, hits);
    }
    before = codePoint;
    end = charEnd;
  }

  private void step(int c, int start, int charEnd, boolean begins, Hits hits) {
    checkAssertions(c, hits);
    if (begins) {
      follow(waiting, program.start(), start, before, c, true, start, hits);
    }
    for (int i = 0; i < waiting.size; i++) {
      int pc = waiting.list[i];
      int began = waiting.starts[pc];
      if (program.program()[pc] instanceof Instruction.Take(CharClass chars, int next)
          && chars.contains(c)) {
        // of a longer match the first part is let go, so that what is held back has a bound
        follow(
            coming, next, Math.max(began, charEnd - lengthMax), NONE, NONE, false, charEnd, hits);
      }
    }
    waiting.clear();
    Threads spent = waiting;
    waiting = coming;
    coming = spent;
  }

  /** Goes on where an assertion had to wait for the character after it. */
  private void checkAssertions(int c, Hits hits) {
    for (int i = 0; i < waiting.size; i++) {
      int pc = waiting.list[i];
      if (program.program()[pc]
              instanceof Instruction.Check(RegexNode.Assertion assertion, int next)
          && assertion.holds(before, c)) {
        follow(waiting, next, waiting.starts[pc], before, c, true, end, hits);
      }
    }
  }

  /**
   * Follows splits from an instruction.
   *
   * @param decided whether assertions can be decided, between {@code left} and {@code right}
   * @param at where the text is, exclusive
   */
  private void follow(
      Threads threads, int pc, int start, int left, int right, boolean decided, int at, Hits hits) {
    if (!threads.add(pc, start)) {
      return;
    }
    switch (program.program()[pc]) {
      case Instruction.Split(int first, int second) -> {
        follow(threads, first, start, left, right, decided, at, hits);
        follow(threads, second, start, left, right, decided, at, hits);
      }
      case Instruction.Check(RegexNode.Assertion assertion, int next) -> {
        if (decided && assertion.holds(left, right)) {
          follow(threads, next, start, left, right, true, at, hits);
        }
      }
      case Instruction.Match() -> {
        if (start < at) {
          hits.add(start, at, 1);
        }
      }
      case Instruction.Take _ -> {}
    }
  }

  @Override
  public void end(Hits hits) {
    checkAssertions(NONE, hits);
    waiting.clear();
    before = NONE;
  }

  @Override
  public int pendingFrom() {
    int first = NOTHING;
    for (int i = 0; i < waiting.size; i++) {
      Instruction instruction = program.program()[waiting.list[i]];
      if (instruction instanceof Instruction.Take || instruction instanceof Instruction.Check) {
        first = Math.min(first, waiting.starts[waiting.list[i]]);
      }
    }
    return first;
  }
}

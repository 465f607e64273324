package io.galerne.moderation.scan;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;

/**
 * A regular expression compiled to Thompson's machine: each instruction takes one character,
 * splits, asserts or matches. The syntax is RE2's, and RE2/J is the judge of it; the machine is our
 * own, because a stream needs to know after each character where an unfinished match began, which
 * no library tells.
 *
 * @see <a href="https://swtch.com/~rsc/regexp/regexp2.html">Regular Expression Matching: the
 *     Virtual Machine Approach</a>
 */
public final class RegexProgram {
  private static final int PATTERN_LENGTH_MAX = 4096;
  private static final int INSTRUCTIONS_MAX = 4000;

  /** One step of the machine. */
  sealed interface Instruction {
    record Take(CharClass chars, int next) implements Instruction {}

    record Split(int first, int second) implements Instruction {}

    record Check(RegexNode.Assertion assertion, int next) implements Instruction {}

    record Match() implements Instruction {}
  }

  private final List<Instruction> instructions = new ArrayList<>();
  private final Instruction[] program;
  private final int start;
  private final CharClass firsts;

  private RegexProgram(RegexNode tree) {
    int match = add(new Instruction.Match());
    start = emit(tree, match);
    program = instructions.toArray(new Instruction[0]);
    firsts = firsts();
  }

  /**
   * @param anyCase whether case is ignored, whatever the pattern says
   * @throws PatternException if it isn't RE2's syntax, is too large, or matches nothing at all
   */
  public static RegexProgram compile(String pattern, boolean anyCase) {
    if (pattern.length() > PATTERN_LENGTH_MAX) {
      throw new PatternException("longer than " + PATTERN_LENGTH_MAX + " characters");
    }
    // before RE2/J, which calls itself for each parenthesis
    RegexNode tree = parsed(pattern, anyCase);
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new PatternException(String.valueOf(e.getMessage()));
    }
    RegexProgram program = new RegexProgram(tree);
    if (program.matchesEmpty()) {
      throw new PatternException("it matches the empty text");
    }
    return program;
  }

  private static RegexNode parsed(String pattern, boolean anyCase) {
    try {
      return RegexParser.parse(pattern, anyCase);
    } catch (StringIndexOutOfBoundsException e) {
      throw new PatternException("the pattern ends too soon");
    }
  }

  Instruction[] program() {
    return program;
  }

  int start() {
    return start;
  }

  /** Whether a match can begin with the character. */
  boolean mayBeginWith(int c) {
    return firsts.contains(c);
  }

  private int add(Instruction instruction) {
    if (instructions.size() >= INSTRUCTIONS_MAX) {
      throw new PatternException("it is too large: more than " + INSTRUCTIONS_MAX + " steps");
    }
    instructions.add(instruction);
    return instructions.size() - 1;
  }

  /** Adds the code of a node that goes on at {@code next}; where it begins. */
  private int emit(RegexNode node, int next) {
    return switch (node) {
      case RegexNode.Chars(CharClass chars) -> add(new Instruction.Take(chars, next));
      case RegexNode.Assert(RegexNode.Assertion assertion) ->
          add(new Instruction.Check(assertion, next));
      case RegexNode.Sequence(List<RegexNode> parts) -> {
        int begin = next;
        for (RegexNode part : parts.reversed()) {
          begin = emit(part, begin);
        }
        yield begin;
      }
      case RegexNode.Choice(List<RegexNode> options) -> {
        int begin = emit(options.getLast(), next);
        for (RegexNode option : options.subList(0, options.size() - 1).reversed()) {
          begin = add(new Instruction.Split(emit(option, next), begin));
        }
        yield begin;
      }
      case RegexNode.Repeat(RegexNode inner, int min, int max) -> repeat(inner, min, max, next);
    };
  }

  private int repeat(RegexNode inner, int min, int max, int next) {
    int begin = next;
    if (max < 0) {
      int loop = add(new Instruction.Split(next, next)); // its first branch is set below
      instructions.set(loop, new Instruction.Split(emit(inner, loop), next));
      begin = loop;
    } else {
      for (int i = min; i < max; i++) {
        begin = add(new Instruction.Split(emit(inner, begin), next));
      }
    }
    for (int i = 0; i < min; i++) {
      begin = emit(inner, begin);
    }
    return begin;
  }

  /** All that is reached without a character, assertions taken for true. */
  private List<Instruction> reachable() {
    boolean[] seen = new boolean[program.length];
    List<Instruction> reached = new ArrayList<>();
    List<Integer> open = new ArrayList<>(List.of(start));
    while (!open.isEmpty()) {
      int pc = open.removeLast();
      if (seen[pc]) {
        continue;
      }
      seen[pc] = true;
      reached.add(program[pc]);
      switch (program[pc]) {
        case Instruction.Split(int first, int second) -> {
          open.add(second);
          open.add(first);
        }
        case Instruction.Check(_, int next) -> open.add(next);
        case Instruction.Take _, Instruction.Match _ -> {}
      }
    }
    return reached;
  }

  private boolean matchesEmpty() {
    return reachable().stream().anyMatch(Instruction.Match.class::isInstance);
  }

  private CharClass firsts() {
    List<CharClass> sets = new ArrayList<>();
    for (Instruction instruction : reachable()) {
      if (instruction instanceof Instruction.Take(CharClass chars, _)) {
        sets.add(chars);
      }
    }
    return CharClass.of(c -> sets.stream().anyMatch(set -> set.contains(c)));
  }
}

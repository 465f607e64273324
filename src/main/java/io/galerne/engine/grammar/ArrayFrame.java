package io.galerne.engine.grammar;

import io.galerne.engine.grammar.schema.ArrayRule;
import io.galerne.engine.grammar.schema.ValueRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An open array. */
final class ArrayFrame extends Frame {
  private enum Phase {
    OPEN,
    COMMA,
    VALUE,
    AFTER
  }

  /**
   * A rule that the array may be of.
   *
   * @param owner which of the rules asks for it that the array may be a value of
   * @param counted items so far that are what must be contained
   */
  private record Branch(ArrayRule rule, int owner, int counted) {}

  private final Frame parent;
  private final int owners;
  private final List<Branch> branches;
  private final int index;
  private final Phase phase;
  private final int space;
  private final int hash;

  private ArrayFrame(
      Frame parent, int owners, List<Branch> branches, int index, Phase phase, int space) {
    super(parent.room - 1, parent.depth + 1, parent.whitespace);
    this.parent = parent;
    this.owners = owners;
    this.branches = branches;
    this.index = index;
    this.phase = phase;
    this.space = space;
    this.hash = Objects.hash(parent, branches, index, phase, space);
  }

  static @Nullable Cursor open(Frame parent, ValueRule[] rules) {
    List<Branch> branches = new ArrayList<>();
    for (int i = 0; i < rules.length; i++) {
      for (ArrayRule rule : rules[i].arrays()) {
        if (rule.mayBegin(parent.room)) {
          branches.add(new Branch(rule, i, 0));
        }
      }
    }
    return branches.isEmpty()
        ? null
        : new Cursor(
            new ArrayFrame(parent, rules.length, branches, 0, Phase.OPEN, Whitespace.BEGIN), null);
  }

  @Override
  @Nullable Cursor step(int value) {
    if (value == ' ' || value == '\n') {
      return blank(value);
    }
    if (value == ']') {
      return phase == Phase.COMMA ? null : close();
    }
    return switch (phase) {
      case OPEN, COMMA -> item(value);
      case AFTER -> value == ',' && space == Whitespace.BEGIN ? comma() : null;
      case VALUE -> null;
    };
  }

  private @Nullable Cursor blank(int value) {
    if (phase == Phase.AFTER && branches.stream().noneMatch(this::mayEnd)) {
      return null;
    }
    int longer = whitespace.step(space, value, depth, true);
    return longer == Whitespace.NO ? null : at(branches, index, phase, longer);
  }

  private boolean mayEnd(Branch branch) {
    return branch.rule.mayEnd(index, branch.counted);
  }

  private boolean mayAdd(Branch branch) {
    return branch.rule.mayAdd(index, branch.counted, room)
        || branch.rule.mayAddContained(index, branch.counted, room);
  }

  private @Nullable Cursor close() {
    boolean[] outcome = new boolean[owners];
    boolean any = false;
    for (Branch branch : branches) {
      if (mayEnd(branch)) {
        outcome[branch.owner] = true;
        any = true;
      }
    }
    return any ? new Cursor(parent.complete(outcome), null) : null;
  }

  private @Nullable Cursor comma() {
    List<Branch> left = branches.stream().filter(this::mayAdd).toList();
    return left.isEmpty() ? null : at(left, index, Phase.COMMA, Whitespace.BEGIN);
  }

  private @Nullable Cursor item(int value) {
    ValueRule[] rules = wanted().toArray(ValueRule[]::new);
    if (rules.length == 0) {
      return null;
    }
    return beginValue(
        new ArrayFrame(parent, owners, branches, index, Phase.VALUE, Whitespace.BEGIN),
        rules,
        value);
  }

  /** The rules that the next item may be of. */
  private List<ValueRule> wanted() {
    List<ValueRule> wanted = new ArrayList<>();
    for (Branch branch : branches) {
      ArrayRule rule = branch.rule;
      if (rule.mayAdd(index, branch.counted, room) && !wanted.contains(rule.any(index))) {
        wanted.add(rule.any(index));
      }
      if (rule.mayAddContained(index, branch.counted, room)
          && !wanted.contains(rule.contained(index))) {
        wanted.add(rule.contained(index));
      }
    }
    return wanted;
  }

  @Override
  Frame complete(boolean[] outcome) {
    List<ValueRule> wanted = wanted();
    List<Branch> left = new ArrayList<>();
    int next = 0;
    for (Branch branch : branches) {
      ArrayRule rule = branch.rule;
      boolean counts =
          rule.mayAddContained(index, branch.counted, room)
              && outcome[wanted.indexOf(rule.contained(index))];
      boolean fits =
          rule.mayAdd(index, branch.counted, room) && outcome[wanted.indexOf(rule.any(index))];
      if (counts || fits) {
        int counted = rule.counted(branch.counted + (counts ? 1 : 0));
        left.add(new Branch(rule, branch.owner, counted));
        next = Math.max(next, rule.index(index + 1));
      }
    }
    return new ArrayFrame(parent, owners, left, next, Phase.AFTER, Whitespace.BEGIN);
  }

  private Cursor at(List<Branch> branches, int index, Phase phase, int space) {
    return new Cursor(new ArrayFrame(parent, owners, branches, index, phase, space), null);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ArrayFrame frame
        && hash == frame.hash
        && index == frame.index
        && phase == frame.phase
        && space == frame.space
        && owners == frame.owners
        && branches.equals(frame.branches)
        && parent.equals(frame.parent);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}

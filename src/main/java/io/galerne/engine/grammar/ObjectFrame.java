package io.galerne.engine.grammar;

import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.schema.ObjectRule;
import io.galerne.engine.grammar.schema.ValueRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An open object. */
final class ObjectFrame extends Frame {
  private enum Phase {
    OPEN,
    COMMA,
    COLON,
    BEFORE_VALUE,
    VALUE,
    AFTER
  }

  /**
   * A rule that the object may be of.
   *
   * @param owner which of the rules asks for it that the object may be a value of
   * @param seen bits of the named properties so far
   * @param pending the class of the property whose value is next
   */
  private record Branch(ObjectRule rule, int owner, long[] seen, int pending) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Branch branch
          && rule == branch.rule
          && owner == branch.owner
          && pending == branch.pending
          && Arrays.equals(seen, branch.seen);
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(rule) + 31 * (owner + 31 * Arrays.hashCode(seen)) + pending;
    }
  }

  private final Frame parent;
  private final int owners;
  private final List<Branch> branches;
  private final int count;

  /** The properties so far that aren't named by all rules, as they are spelled. */
  private final List<Bytes> others;

  private final Phase phase;
  private final int space;
  private final int hash;

  private ObjectFrame(
      Frame parent,
      int owners,
      List<Branch> branches,
      int count,
      List<Bytes> others,
      Phase phase,
      int space) {
    super(parent.room - 1, parent.depth + 1, parent.whitespace);
    this.parent = parent;
    this.owners = owners;
    this.branches = branches;
    this.count = count;
    this.others = others;
    this.phase = phase;
    this.space = space;
    this.hash = Objects.hash(parent, branches, count, others, phase, space);
  }

  static @Nullable Cursor open(Frame parent, ValueRule[] rules) {
    List<Branch> branches = new ArrayList<>();
    for (int i = 0; i < rules.length; i++) {
      for (ObjectRule rule : rules[i].objects()) {
        if (rule.height() <= parent.room) {
          branches.add(new Branch(rule, i, new long[rule.words()], 0));
        }
      }
    }
    return branches.isEmpty()
        ? null
        : new Cursor(
            new ObjectFrame(
                parent, rules.length, branches, 0, List.of(), Phase.OPEN, Whitespace.BEGIN),
            null);
  }

  ObjectRule rule(int branch) {
    return branches.get(branch).rule;
  }

  boolean hasOthers() {
    return !others.isEmpty();
  }

  /** By branch: the classes of names that may come next. */
  long[][] allowed() {
    long[][] allowed = new long[branches.size()][];
    for (int i = 0; i < allowed.length; i++) {
      allowed[i] = next(branches.get(i));
    }
    return allowed;
  }

  private long[] next(Branch branch) {
    boolean endless = branch.rule.keys().words(0) == Double.POSITIVE_INFINITY;
    int used = endless ? 0 : othersThatBegin(branch.rule, Bytes.NONE);
    return branch.rule.next(branch.seen, count, used, room);
  }

  /**
   * Whether models are led to names here that aren't named properties: where a rule proposes such,
   * or where nothing else leads on.
   */
  boolean proposesOthers() {
    boolean mayEnd = false;
    for (Branch branch : branches) {
      if (branch.rule.proposesOthers()) {
        return true;
      }
      mayEnd |= mayEnd(branch);
    }
    return !mayEnd && !mayName();
  }

  /** Whether a property that is named may be next. */
  private boolean mayName() {
    return branches.stream().anyMatch(branch -> branch.rule.hasNamed(next(branch)));
  }

  /** Whether models aren't led to this place, just after a comma, since nothing is to follow. */
  boolean isIdleComma() {
    return phase == Phase.COMMA && !mayName() && !proposesOthers();
  }

  /** Whether the property whose name was just read is a named one. */
  boolean isNamed() {
    return branches.stream().anyMatch(branch -> branch.rule.isNamed(branch.pending));
  }

  /** How many properties so far begin so that a rule doesn't name. */
  int othersThatBegin(ObjectRule rule, Bytes text) {
    byte[] beginning = text.toArray();
    int found = 0;
    for (Bytes other : others) {
      byte[] name = other.toArray();
      int label = rule.keys().dfa().match(name);
      if (label != Dfa.REJECT
          && !rule.isNamed(label)
          && name.length >= beginning.length
          && Arrays.equals(name, 0, beginning.length, beginning, 0, beginning.length)) {
        found++;
      }
    }
    return found;
  }

  @Override
  @Nullable Cursor step(int value) {
    if (value == ' ' || value == '\n') {
      return blank(value);
    }
    return switch (phase) {
      case OPEN -> value == '}' ? close() : value == '"' ? KeyScan.begin(this) : null;
      case COMMA -> value == '"' ? KeyScan.begin(this) : null;
      case COLON -> value == ':' ? at(branches, Phase.BEFORE_VALUE, Whitespace.BEGIN) : null;
      case BEFORE_VALUE -> beginValue(after(Phase.VALUE), wanted(), value);
      case VALUE -> null;
      case AFTER ->
          value == '}' ? close() : value == ',' && space == Whitespace.BEGIN ? comma() : null;
    };
  }

  private @Nullable Cursor blank(int value) {
    boolean may =
        switch (phase) {
          case OPEN, COMMA, BEFORE_VALUE -> true;
          case COLON, VALUE -> false;
          case AFTER -> branches.stream().anyMatch(this::mayEnd);
        };
    int longer =
        may ? whitespace.step(space, value, depth, phase != Phase.BEFORE_VALUE) : Whitespace.NO;
    return longer == Whitespace.NO ? null : at(branches, phase, longer);
  }

  private boolean mayEnd(Branch branch) {
    return branch.rule.mayEnd(branch.seen, count);
  }

  private boolean mayAdd(Branch branch) {
    return Arrays.stream(next(branch)).anyMatch(bits -> bits != 0);
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
    return left.isEmpty() ? null : at(left, Phase.COMMA, Whitespace.BEGIN);
  }

  /**
   * The frame after a property's name.
   *
   * @param states of each branch's automaton, {@link Dfa#DEAD} where the name isn't allowed
   */
  ObjectFrame named(int[] states, Bytes name) {
    List<Branch> left = new ArrayList<>();
    boolean other = false;
    for (int i = 0; i < states.length; i++) {
      if (states[i] != Dfa.DEAD) {
        Branch branch = branches.get(i);
        int keyClass = branch.rule.keys().dfa().label(states[i]);
        long[] seen = branch.seen;
        if (branch.rule.isNamed(keyClass)) {
          seen = seen.clone();
          seen[keyClass >> 6] |= 1L << keyClass;
        } else {
          other = true;
        }
        left.add(new Branch(branch.rule, branch.owner, seen, keyClass));
      }
    }
    List<Bytes> names = others;
    if (other) {
      names = new ArrayList<>(others);
      names.add(name);
    }
    return new ObjectFrame(parent, owners, left, count + 1, names, Phase.COLON, Whitespace.BEGIN);
  }

  /** The rules that the next value may be of. */
  private ValueRule[] wanted() {
    return branches.stream()
        .map(branch -> branch.rule.value(branch.pending))
        .distinct()
        .toArray(ValueRule[]::new);
  }

  @Override
  Frame complete(boolean[] outcome) {
    List<ValueRule> wanted = List.of(wanted());
    List<Branch> left = new ArrayList<>();
    for (Branch branch : branches) {
      if (outcome[wanted.indexOf(branch.rule.value(branch.pending))]) {
        left.add(new Branch(branch.rule, branch.owner, branch.seen, 0));
      }
    }
    return new ObjectFrame(parent, owners, left, count, others, Phase.AFTER, Whitespace.BEGIN);
  }

  private ObjectFrame after(Phase phase) {
    return new ObjectFrame(parent, owners, branches, count, others, phase, Whitespace.BEGIN);
  }

  private Cursor at(List<Branch> branches, Phase phase, int space) {
    return new Cursor(new ObjectFrame(parent, owners, branches, count, others, phase, space), null);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ObjectFrame frame
        && hash == frame.hash
        && count == frame.count
        && phase == frame.phase
        && space == frame.space
        && owners == frame.owners
        && branches.equals(frame.branches)
        && others.equals(frame.others)
        && parent.equals(frame.parent);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}

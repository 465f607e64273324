package io.galerne.engine.grammar;

import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.automaton.Terminal;
import io.galerne.engine.grammar.schema.ValueRule;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A scalar, as each of the rules reads it that the value may be of. */
final class ScalarScan implements Scan {
  private final @Nullable Terminal[] terminals;
  private final int[] states;

  /** Whether only what follows ends the scalar, as with numbers. */
  private final boolean open;

  private ScalarScan(@Nullable Terminal[] terminals, int[] states, boolean open) {
    this.terminals = terminals;
    this.states = states;
    this.open = open;
  }

  /** The scalar that a byte begins, null where none of the rules has one. */
  static @Nullable Cursor begin(Frame frame, ValueRule[] rules, int value) {
    boolean string = value == '"';
    boolean number = value == '-' || (value >= '0' && value <= '9');
    @Nullable Terminal[] terminals = new @Nullable Terminal[rules.length];
    int[] states = new int[rules.length];
    for (int i = 0; i < rules.length; i++) {
      terminals[i] =
          string ? rules[i].strings() : number ? rules[i].numbers() : rules[i].literals();
      Terminal terminal = terminals[i];
      states[i] = terminal == null ? Dfa.DEAD : terminal.start();
    }
    return new ScalarScan(terminals, states, number).step(frame, value);
  }

  /** A document that is no JSON but one text of an automaton. */
  static ScalarScan text(Terminal terminal) {
    return new ScalarScan(new @Nullable Terminal[] {terminal}, new int[] {terminal.start()}, true);
  }

  @Override
  public @Nullable Cursor step(Frame frame, int value) {
    int[] next = new int[states.length];
    boolean alive = false;
    for (int i = 0; i < next.length; i++) {
      Terminal terminal = terminals[i];
      next[i] =
          terminal == null || states[i] == Dfa.DEAD ? Dfa.DEAD : terminal.step(states[i], value);
      alive |= next[i] != Dfa.DEAD;
    }
    if (!alive) {
      return open && mayEnd() ? frame.complete(outcome()).step(value) : null;
    }
    ScalarScan scan = new ScalarScan(terminals, next, open);
    return !open && scan.mayEnd()
        ? new Cursor(frame.complete(scan.outcome()), null)
        : new Cursor(frame, scan);
  }

  boolean mayEnd() {
    for (int i = 0; i < states.length; i++) {
      if (accepts(i)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the spelling so far is one that is proposed to models. */
  boolean isProposed() {
    for (int i = 0; i < states.length; i++) {
      Terminal terminal = terminals[i];
      if (terminal != null && states[i] != Dfa.DEAD && terminal.isProposed(states[i])) {
        return true;
      }
    }
    return false;
  }

  boolean[] outcome() {
    boolean[] outcome = new boolean[states.length];
    for (int i = 0; i < outcome.length; i++) {
      outcome[i] = accepts(i);
    }
    return outcome;
  }

  private boolean accepts(int i) {
    Terminal terminal = terminals[i];
    return terminal != null && states[i] != Dfa.DEAD && terminal.accepts(states[i]);
  }

  boolean isOpen() {
    return open;
  }

  /** The place after the scalar, once its only automaton accepts. */
  @Nullable Cursor ended(Frame frame) {
    return states.length == 1 ? new Cursor(frame.complete(new boolean[] {true}), null) : null;
  }

  /** The only automaton that still reads, null where there are several. */
  @Nullable Terminal single() {
    return states.length == 1 ? terminals[0] : null;
  }

  int singleState() {
    return states[0];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ScalarScan scan
        && Arrays.equals(states, scan.states)
        && Arrays.equals(terminals, scan.terminals);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(states);
  }
}

package io.galerne.engine.grammar;

import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.schema.KeyTable;
import io.galerne.engine.grammar.schema.ObjectRule;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A property's name, as each of an object's rules reads it. */
final class KeyScan implements Scan {
  private final int[] states;

  /** What each rule allows at this place. */
  private final long[][] allowed;

  /** The name so far, as it is spelled. */
  private final Bytes text;

  private KeyScan(int[] states, long[][] allowed, Bytes text) {
    this.states = states;
    this.allowed = allowed;
    this.text = text;
  }

  /** The name that a quote begins, null where there can't be one. */
  static @Nullable Cursor begin(ObjectFrame frame) {
    long[][] allowed = frame.allowed();
    int[] states = new int[allowed.length];
    for (int i = 0; i < states.length; i++) {
      states[i] = frame.rule(i).keys().dfa().isEmpty() ? Dfa.DEAD : 0;
    }
    return new KeyScan(states, allowed, Bytes.NONE).step(frame, '"');
  }

  @Override
  public @Nullable Cursor step(Frame frame, int value) {
    ObjectFrame object = (ObjectFrame) frame;
    int[] next = new int[states.length];
    Bytes longer = text.plus(value);
    boolean alive = false;
    boolean ended = false;
    for (int i = 0; i < next.length; i++) {
      next[i] = Dfa.DEAD;
      if (states[i] != Dfa.DEAD) {
        KeyTable keys = object.rule(i).keys();
        int state = keys.dfa().step(states[i], value);
        if (state != Dfa.DEAD && mayBecome(object, object.rule(i), state, allowed[i], longer)) {
          next[i] = state;
          alive = true;
          ended |= keys.dfa().accepts(state);
        }
      }
    }
    if (!alive) {
      return null;
    }
    return ended
        ? new Cursor(object.named(next, longer), null)
        : new Cursor(frame, new KeyScan(next, allowed, longer));
  }

  /** Whether a name that begins so is allowed, and was not there before. */
  private static boolean mayBecome(
      ObjectFrame frame, ObjectRule rule, int state, long[] allowed, Bytes text) {
    KeyTable keys = rule.keys();
    if (!keys.mayBecome(state, allowed)) {
      return false;
    }
    if (keys.mayBecomeNamed(state, allowed)) {
      return true;
    }
    double words = keys.words(state);
    return words == Double.POSITIVE_INFINITY || words > frame.othersThatBegin(rule, text);
  }

  /**
   * The only rule that reads, -1 where there are several, or names before decide what is allowed.
   */
  int single(ObjectFrame frame) {
    if (states.length != 1) {
      return -1;
    }
    boolean free = frame.rule(0).keys().words(states[0]) == Double.POSITIVE_INFINITY;
    return free || !frame.hasOthers() ? states[0] : -1;
  }

  /** Whether the name so far may become that of a named property. */
  boolean mayBecomeNamed(ObjectFrame frame) {
    for (int i = 0; i < states.length; i++) {
      if (states[i] != Dfa.DEAD && frame.rule(i).keys().mayBecomeNamed(states[i], allowed[i])) {
        return true;
      }
    }
    return false;
  }

  long[] allowed() {
    return allowed[0];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KeyScan scan
        && Arrays.equals(states, scan.states)
        && text.equals(scan.text);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(states) * 31 + text.hashCode();
  }
}

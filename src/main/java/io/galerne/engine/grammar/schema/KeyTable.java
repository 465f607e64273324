package io.galerne.engine.grammar.schema;

import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.automaton.DfaBuilder;
import java.util.function.IntPredicate;

/** Property names in quotes as an automaton, and what each state of it may still become. */
public final class KeyTable {
  private final Dfa dfa;
  private final int classes;
  private final int named;

  /** {@code [states][words]}: the classes of names that begin so. */
  private final long[] reach;

  /** {@code [states]}: how many names that aren't named properties begin so. */
  private final double[] words;

  KeyTable(Dfa dfa, int classes, int named) {
    this.dfa = dfa;
    this.classes = classes;
    this.named = named;
    this.reach = reach();
    this.words = count();
  }

  KeyTable without(IntPredicate dropped) {
    boolean any = false;
    for (int c = 0; c < classes; c++) {
      any |= dropped.test(c);
    }
    return any
        ? new KeyTable(
            DfaBuilder.relabel(dfa, c -> dropped.test(c) ? Dfa.REJECT : c), classes, named)
        : this;
  }

  public Dfa dfa() {
    return dfa;
  }

  /** Whether a name that begins so can be of one of these classes. */
  public boolean mayBecome(int state, long[] allowed) {
    for (int i = 0; i < allowed.length; i++) {
      if ((reach[state * allowed.length + i] & allowed[i]) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether a name that begins so can be that of a named property that is allowed. */
  public boolean mayBecomeNamed(int state, long[] allowed) {
    for (int i = 0; i < allowed.length; i++) {
      int from = i << 6;
      long mask = named >= from + 64 ? -1L : named <= from ? 0 : (1L << (named - from)) - 1;
      if ((reach[state * allowed.length + i] & allowed[i] & mask) != 0) {
        return true;
      }
    }
    return false;
  }

  /** How many names that aren't named properties begin so; infinite where there is no end. */
  public double words(int state) {
    return dfa.isEmpty() ? 0 : words[state];
  }

  private long[] reach() {
    int width = (classes + 63) >> 6;
    long[] reached = new long[dfa.states() * width];
    for (int state = 0; state < dfa.states(); state++) {
      if (dfa.accepts(state)) {
        reached[state * width + (dfa.label(state) >> 6)] |= 1L << dfa.label(state);
      }
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int state = dfa.states() - 1; state >= 0; state--) {
        for (int c = 0; c < dfa.classes(); c++) {
          int target = dfa.stepClass(state, c);
          for (int i = 0; target != Dfa.DEAD && i < width; i++) {
            long before = reached[state * width + i];
            reached[state * width + i] |= reached[target * width + i];
            changed |= before != reached[state * width + i];
          }
        }
      }
    }
    return reached;
  }

  private boolean leadsToOther(int state) {
    long[] others = new long[(classes + 63) >> 6];
    for (int c = named; c < classes; c++) {
      others[c >> 6] |= 1L << c;
    }
    return mayBecome(state, others);
  }

  private double[] count() {
    int size = dfa.states();
    double[] count = new double[size];
    boolean[] live = new boolean[size];
    boolean[] done = new boolean[size];
    for (int state = 0; state < size; state++) {
      live[state] = leadsToOther(state);
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int state = size - 1; state >= 0; state--) {
        if (live[state] && !done[state] && settled(state, live, done)) {
          done[state] = true;
          changed = true;
          count[state] = dfa.accepts(state) && dfa.label(state) >= named ? 1 : 0;
          for (int value = 0; value < 256; value++) {
            int target = dfa.step(state, value);
            count[state] += target == Dfa.DEAD ? 0 : count[target];
          }
        }
      }
    }
    for (int state = 0; state < size; state++) {
      if (live[state] && !done[state]) {
        count[state] = Double.POSITIVE_INFINITY;
      }
    }
    return count;
  }

  private boolean settled(int state, boolean[] live, boolean[] done) {
    for (int c = 0; c < dfa.classes(); c++) {
      int target = dfa.stepClass(state, c);
      if (target != Dfa.DEAD && live[target] && !done[target]) {
        return false;
      }
    }
    return true;
  }
}

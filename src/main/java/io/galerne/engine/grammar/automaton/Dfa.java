package io.galerne.engine.grammar.automaton;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * A deterministic automaton over bytes, from each of whose states a word can be accepted. State 0
 * is the start; an automaton without states accepts nothing. Bytes that no state tells apart share
 * a column of the table.
 */
public final class Dfa {
  /** What a step leads to where no word goes on. */
  public static final int DEAD = -1;

  /** The label of a state that accepts nothing. */
  public static final int REJECT = -1;

  private final byte[] classOf;
  private final int classes;

  /** {@code [states][classes]} */
  private final int[] next;

  /** {@code [states]}: {@link #REJECT}, or what an accepted word is. */
  private final int[] labels;

  Dfa(byte[] classOf, int classes, int[] next, int[] labels) {
    this.classOf = classOf;
    this.classes = classes;
    this.next = next;
    this.labels = labels;
  }

  public int states() {
    return labels.length;
  }

  public boolean isEmpty() {
    return labels.length == 0;
  }

  /** The state after a byte, or {@link #DEAD}. */
  public int step(int state, int value) {
    return next[state * classes + (classOf[value] & 0xFF)];
  }

  public int label(int state) {
    return labels[state];
  }

  public boolean accepts(int state) {
    return labels[state] != REJECT;
  }

  public int classes() {
    return classes;
  }

  public int classOf(int value) {
    return classOf[value] & 0xFF;
  }

  /** The state after a byte of a class, or {@link #DEAD}. */
  public int stepClass(int state, int byteClass) {
    return next[state * classes + byteClass];
  }

  /** The label of a word, {@link #REJECT} where it isn't accepted. */
  public int match(byte[] word) {
    if (isEmpty()) {
      return REJECT;
    }
    int state = 0;
    for (byte value : word) {
      state = step(state, value & 0xFF);
      if (state == DEAD) {
        return REJECT;
      }
    }
    return labels[state];
  }

  /** {@code [states]}: the fewest bytes from each state to an accepted word. */
  public int[] distances() {
    return distances(label -> label != REJECT);
  }

  /**
   * As {@link #distances()}, to words of some labels; the greatest integer where there are none.
   */
  int[] distances(IntPredicate label) {
    int[] distances = new int[states()];
    Arrays.fill(distances, Integer.MAX_VALUE);
    boolean changed = true;
    for (int state = 0; state < states(); state++) {
      if (label.test(labels[state])) {
        distances[state] = 0;
      }
    }
    while (changed) {
      changed = false;
      for (int state = states() - 1; state >= 0; state--) {
        for (int c = 0; c < classes; c++) {
          int target = next[state * classes + c];
          if (target != DEAD
              && distances[target] != Integer.MAX_VALUE
              && distances[target] + 1 < distances[state]) {
            distances[state] = distances[target] + 1;
            changed = true;
          }
        }
      }
    }
    return distances;
  }
}

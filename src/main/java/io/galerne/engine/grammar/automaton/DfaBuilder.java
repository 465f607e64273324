package io.galerne.engine.grammar.automaton;

import io.galerne.engine.grammar.bounds.Budget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Makes tables of automata that are given by how they step. */
public final class DfaBuilder {
  private DfaBuilder() {}

  /** How an automaton steps from one of its states. */
  @FunctionalInterface
  public interface Step<S> {
    /** The state after a byte, null where no word goes on. */
    @Nullable S next(S state, int value);
  }

  /**
   * The table of all states that can be reached, without those that lead to no accepted word.
   *
   * @param alphabet {@code [256]}: the class of each byte; bytes of one class always step alike
   * @param label what a word that ends in a state is, {@link Dfa#REJECT} for no word
   */
  public static <S> Dfa explore(
      byte[] alphabet, S start, Step<S> step, ToIntFunction<S> label, Budget budget) {
    int classes = 0;
    int[] sample = new int[256];
    Arrays.fill(sample, -1);
    for (int value = 0; value < 256; value++) {
      int c = alphabet[value] & 0xFF;
      classes = Math.max(classes, c + 1);
      if (sample[c] < 0) {
        sample[c] = value;
      }
    }
    Map<S, Integer> ids = new HashMap<>();
    List<S> states = new ArrayList<>();
    ids.put(start, 0);
    states.add(start);
    int[] table = new int[16 * classes];
    for (int id = 0; id < states.size(); id++) {
      budget.spend(2 + classes / 8);
      S state = states.get(id);
      if ((id + 1) * classes > table.length) {
        table = Arrays.copyOf(table, table.length * 2);
      }
      for (int c = 0; c < classes; c++) {
        S next = step.next(state, sample[c]);
        int target = Dfa.DEAD;
        if (next != null) {
          Integer known = ids.putIfAbsent(next, states.size());
          target = known == null ? states.size() : known;
          if (known == null) {
            states.add(next);
          }
        }
        table[id * classes + c] = target;
      }
    }
    int[] labels = new int[states.size()];
    for (int id = 0; id < labels.length; id++) {
      labels[id] = label.applyAsInt(states.get(id));
    }
    return trim(alphabet, classes, table, labels);
  }

  /** The same words with other labels; those whose label becomes {@link Dfa#REJECT} are dropped. */
  public static Dfa relabel(Dfa dfa, IntUnaryOperator label) {
    if (dfa.isEmpty()) {
      return dfa;
    }
    byte[] alphabet = new byte[256];
    for (int value = 0; value < 256; value++) {
      alphabet[value] = (byte) dfa.classOf(value);
    }
    int[] table = new int[dfa.states() * dfa.classes()];
    int[] labels = new int[dfa.states()];
    for (int state = 0; state < dfa.states(); state++) {
      labels[state] = dfa.accepts(state) ? label.applyAsInt(dfa.label(state)) : Dfa.REJECT;
      for (int c = 0; c < dfa.classes(); c++) {
        table[state * dfa.classes() + c] = dfa.stepClass(state, c);
      }
    }
    return trim(alphabet, dfa.classes(), table, labels);
  }

  /** Drops the states from which no word is accepted. */
  private static Dfa trim(byte[] alphabet, int classes, int[] table, int[] labels) {
    int count = labels.length;
    boolean[] live = liveStates(classes, table, labels);
    int[] renamed = new int[count];
    int kept = 0;
    for (int id = 0; id < count; id++) {
      renamed[id] = live[id] ? kept++ : Dfa.DEAD;
    }
    if (!live[0]) {
      return new Dfa(alphabet, classes, new int[0], new int[0]);
    }
    int[] next = new int[kept * classes];
    int[] keptLabels = new int[kept];
    for (int id = 0; id < count; id++) {
      if (live[id]) {
        keptLabels[renamed[id]] = labels[id];
        for (int c = 0; c < classes; c++) {
          int target = table[id * classes + c];
          next[renamed[id] * classes + c] = target == Dfa.DEAD ? Dfa.DEAD : renamed[target];
        }
      }
    }
    return new Dfa(alphabet, classes, next, keptLabels);
  }

  private static boolean[] liveStates(int classes, int[] table, int[] labels) {
    int count = labels.length;
    int[] heads = new int[count + 1];
    for (int i = 0; i < count * classes; i++) {
      if (table[i] != Dfa.DEAD) {
        heads[table[i] + 1]++;
      }
    }
    for (int id = 0; id < count; id++) {
      heads[id + 1] += heads[id];
    }
    int[] sources = new int[heads[count]];
    int[] fill = heads.clone();
    for (int i = 0; i < count * classes; i++) {
      if (table[i] != Dfa.DEAD) {
        sources[fill[table[i]]++] = i / classes;
      }
    }
    boolean[] live = new boolean[count];
    int[] queue = new int[count];
    int tail = 0;
    for (int id = 0; id < count; id++) {
      if (labels[id] != Dfa.REJECT) {
        live[id] = true;
        queue[tail++] = id;
      }
    }
    for (int head = 0; head < tail; head++) {
      for (int i = heads[queue[head]]; i < heads[queue[head] + 1]; i++) {
        if (!live[sources[i]]) {
          live[sources[i]] = true;
          queue[tail++] = sources[i];
        }
      }
    }
    return live;
  }

  /** The coarsest classes of bytes that none of the automata tells apart. */
  public static byte[] commonAlphabet(List<Dfa> automata) {
    return alphabet(automata.size(), (row, value) -> automata.get(row).classOf(value));
  }

  /** The coarsest classes of bytes that no row of a table tells apart. */
  static byte[] alphabet(int rows, IntBinaryOperator entry) {
    byte[] alphabet = new byte[256];
    int count = 1;
    int[] known = new int[256];
    for (int row = 0; row < rows; row++) {
      // Splits each class by what this row has for its bytes.
      Map<Long, Integer> split = new HashMap<>();
      Arrays.fill(known, 0, count, Integer.MIN_VALUE);
      for (int value = 0; value < 256; value++) {
        int c = alphabet[value] & 0xFF;
        int target = entry.applyAsInt(row, value);
        if (known[c] == Integer.MIN_VALUE) {
          known[c] = target;
        } else if (known[c] != target) {
          long key = ((long) c << 32) | (target & 0xFFFFFFFFL);
          Integer fresh = split.putIfAbsent(key, count);
          if (fresh == null) {
            fresh = count++;
          }
          alphabet[value] = (byte) (int) fresh;
        }
      }
    }
    return alphabet;
  }
}

package io.galerne.engine.grammar.automaton;

import io.galerne.engine.grammar.bounds.Budget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Sets of JSON strings, quotes and all, that need no pattern. */
public final class Strings {
  /** A length without a bound. */
  public static final int UNBOUNDED = -1;

  private static final Map<Escapes, Dfa> ANY = new EnumMap<>(Escapes.class);

  static {
    for (Escapes escapes : Escapes.values()) {
      ANY.put(escapes, length(0, UNBOUNDED, escapes, Budget.unlimited()));
    }
  }

  private Strings() {}

  /** All strings. */
  public static Dfa any(Escapes escapes) {
    return Objects.requireNonNull(ANY.get(escapes));
  }

  /** The strings of {@code min} to {@code max} characters. */
  public static Dfa length(int min, int max, Escapes escapes, Budget budget) {
    int states = (max == UNBOUNDED ? min : max) + 1;
    budget.spend(states);
    int[] next = new int[states];
    int[] labels = new int[states];
    for (int i = 0; i < states; i++) {
      next[i] = i + 1 < states ? i + 1 : max == UNBOUNDED ? i : Dfa.DEAD;
      labels[i] = i >= min ? 0 : Dfa.REJECT;
    }
    CharDfa characters = new CharDfa(new int[] {0}, new int[] {0}, 1, next, labels);
    return new StringSpelling(characters, escapes, budget).quoted();
  }

  /** These texts; each one's label is its place in the list. */
  public static Dfa texts(List<String> texts, Escapes escapes, Budget budget) {
    return new StringSpelling(trie(texts, budget), escapes, budget).quoted();
  }

  /** As {@link #texts}, without quotes and as they are. */
  public static Dfa plainTexts(List<String> texts, Budget budget) {
    return new StringSpelling(trie(texts, budget), Escapes.NEEDED, budget).plain();
  }

  private static CharDfa trie(List<String> texts, Budget budget) {
    int[] letters = texts.stream().flatMapToInt(String::codePoints).sorted().distinct().toArray();
    int classCount = letters.length + 1;
    TreeMap<Integer, Integer> intervals = new TreeMap<>(Map.of(0, 0));
    for (int i = 0; i < letters.length; i++) {
      intervals.put(letters[i], i + 1);
      if (letters[i] < CharSet.LAST) {
        intervals.putIfAbsent(letters[i] + 1, 0);
      }
    }
    List<int[]> rows = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    addRow(rows, labels, classCount, budget);
    for (int i = 0; i < texts.size(); i++) {
      int state = 0;
      int[] codePoints = texts.get(i).codePoints().toArray();
      for (int codePoint : codePoints) {
        int letter = Arrays.binarySearch(letters, codePoint) + 1;
        if (rows.get(state)[letter] == Dfa.DEAD) {
          rows.get(state)[letter] = rows.size();
          addRow(rows, labels, classCount, budget);
        }
        state = rows.get(state)[letter];
      }
      labels.set(state, i);
    }
    return new CharDfa(
        intervals.keySet().stream().mapToInt(Integer::intValue).toArray(),
        intervals.values().stream().mapToInt(Integer::intValue).toArray(),
        classCount,
        rows.stream().flatMapToInt(Arrays::stream).toArray(),
        labels.stream().mapToInt(Integer::intValue).toArray());
  }

  private static void addRow(
      List<int[]> rows, List<Integer> labels, int classCount, Budget budget) {
    budget.spend(2 + classCount / 8);
    int[] row = new int[classCount];
    Arrays.fill(row, Dfa.DEAD);
    rows.add(row);
    labels.add(Dfa.REJECT);
  }
}

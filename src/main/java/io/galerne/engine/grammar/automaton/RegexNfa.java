package io.galerne.engine.grammar.automaton;

import io.galerne.engine.grammar.bounds.Budget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Thompson's construction, and from it the deterministic automaton by subsets. Anchors are edges
 * that only the beginning or the end of a text may take.
 */
final class RegexNfa {
  private static final int MOST_STATES = 20_000;

  private enum Edge {
    FREE,
    BEGIN,
    END,
    CHARS
  }

  private final Budget budget;
  private final List<Edge> edges = new ArrayList<>();
  private final List<int[]> targets = new ArrayList<>();
  private final List<Integer> setIds = new ArrayList<>();
  private final Map<List<Integer>, Integer> setIndex = new LinkedHashMap<>();
  private final List<CharSet> sets = new ArrayList<>();

  RegexNfa(Budget budget) {
    this.budget = budget;
  }

  /**
   * The texts that the expression matches.
   *
   * @param whole whether it must match the whole text, or may match a part of it
   */
  CharDfa compile(RegexNode regex, boolean whole) {
    int accept = state(Edge.FREE, -1);
    int start;
    if (whole) {
      start = build(regex, accept);
    } else {
      int after = state(Edge.FREE, -1);
      int loop = state(Edge.CHARS, setId(CharSet.ALL), after);
      targets.set(after, new int[] {loop, accept});
      int match = build(regex, after);
      int before = state(Edge.FREE, -1);
      int skip = state(Edge.CHARS, setId(CharSet.ALL), before);
      targets.set(before, new int[] {match, skip});
      start = before;
    }
    return determinize(start, accept);
  }

  private int state(Edge edge, int set, int... next) {
    budget.spend(4);
    budget.atMost(MOST_STATES, edges.size(), "states of a pattern");
    edges.add(edge);
    targets.add(next);
    setIds.add(set);
    return edges.size() - 1;
  }

  private int setId(CharSet set) {
    List<Integer> key = Arrays.stream(set.bounds()).boxed().toList();
    return setIndex.computeIfAbsent(
        key,
        missing -> {
          sets.add(set);
          return sets.size() - 1;
        });
  }

  /** The first state of a part that goes on to {@code next}. */
  private int build(RegexNode node, int next) {
    return switch (node) {
      case RegexNode.Chars chars -> state(Edge.CHARS, setId(chars.set()), next);
      case RegexNode.Begin() -> state(Edge.BEGIN, -1, next);
      case RegexNode.End() -> state(Edge.END, -1, next);
      case RegexNode.Sequence(List<RegexNode> parts) -> {
        int first = next;
        for (RegexNode part : parts.reversed()) {
          first = build(part, first);
        }
        yield first;
      }
      case RegexNode.Choice(List<RegexNode> parts) -> {
        int[] firsts = new int[parts.size()];
        for (int i = 0; i < firsts.length; i++) {
          firsts[i] = build(parts.get(i), next);
        }
        yield state(Edge.FREE, -1, firsts);
      }
      case RegexNode.Repeat(RegexNode part, int min, int max) -> repeat(part, min, max, next);
    };
  }

  private int repeat(RegexNode part, int min, int max, int next) {
    int first = next;
    if (max < 0) {
      int loop = state(Edge.FREE, -1);
      targets.set(loop, new int[] {build(part, loop), next});
      first = loop;
    } else {
      for (int i = min; i < max; i++) {
        first = state(Edge.FREE, -1, build(part, first), next);
      }
    }
    for (int i = 0; i < min; i++) {
      first = build(part, first);
    }
    return first;
  }

  private CharDfa determinize(int start, int accept) {
    TreeSet<Integer> cuts = new TreeSet<>(List.of(0));
    for (CharSet set : sets) {
      for (int i = 0; i < set.bounds().length; i += 2) {
        cuts.add(set.bounds()[i]);
        cuts.add(set.bounds()[i + 1] + 1);
      }
    }
    cuts.remove(CharSet.LAST + 1);
    int[] starts = cuts.stream().mapToInt(Integer::intValue).toArray();
    int[] classes = new int[starts.length];
    Map<BitSet, Integer> signatures = new LinkedHashMap<>();
    List<BitSet> classSets = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      budget.spend(1 + sets.size());
      BitSet signature = new BitSet(sets.size());
      for (int s = 0; s < sets.size(); s++) {
        signature.set(s, sets.get(s).contains(starts[i]));
      }
      Integer known = signatures.putIfAbsent(signature, signatures.size());
      if (known == null) {
        classSets.add(signature);
      }
      classes[i] = known == null ? signatures.size() - 1 : known;
    }
    return subsets(start, accept, starts, classes, classSets);
  }

  private CharDfa subsets(
      int start, int accept, int[] starts, int[] classes, List<BitSet> classSets) {
    int classCount = classSets.size();
    Map<BitSet, Integer> ids = new HashMap<>();
    List<BitSet> subsets = new ArrayList<>();
    BitSet first = closure(single(start), Edge.BEGIN);
    // The beginning is a state of its own: only there do anchors hold.
    subsets.add(first);
    List<int[]> rows = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int id = 0; id < subsets.size(); id++) {
      BitSet subset = subsets.get(id);
      int[] row = new int[classCount];
      for (int c = 0; c < classCount; c++) {
        BitSet moved = new BitSet();
        for (int s = subset.nextSetBit(0); s >= 0; s = subset.nextSetBit(s + 1)) {
          if (edges.get(s) == Edge.CHARS && classSets.get(c).get(setIds.get(s))) {
            moved.set(targets.get(s)[0]);
          }
        }
        row[c] = Dfa.DEAD;
        if (!moved.isEmpty()) {
          BitSet next = closure(moved, Edge.FREE);
          Integer known = ids.putIfAbsent(next, subsets.size());
          row[c] = known == null ? subsets.size() : known;
          if (known == null) {
            subsets.add(next);
          }
        }
        budget.spend(1 + subset.cardinality() / 4);
      }
      rows.add(row);
      boolean accepts = atEnd(subset, id == 0).get(accept);
      labels.add(accepts ? 0 : Dfa.REJECT);
    }
    int[] next = rows.stream().flatMapToInt(Arrays::stream).toArray();
    return new CharDfa(
        starts, classes, classCount, next, labels.stream().mapToInt(Integer::intValue).toArray());
  }

  private static BitSet single(int state) {
    BitSet set = new BitSet();
    set.set(state);
    return set;
  }

  private BitSet atEnd(BitSet subset, boolean begin) {
    BitSet closed = (BitSet) subset.clone();
    int before;
    do {
      before = closed.cardinality();
      closed = closure(closed, Edge.END);
      if (begin) {
        closed = closure(closed, Edge.BEGIN);
      }
    } while (closed.cardinality() != before);
    return closed;
  }

  /** All states that are reached without a character, by free edges and those of one more kind. */
  private BitSet closure(BitSet from, Edge also) {
    BitSet closed = new BitSet(edges.size());
    int[] stack = from.stream().toArray();
    int top = stack.length;
    for (int state : stack) {
      closed.set(state);
    }
    while (top > 0) {
      int state = stack[--top];
      budget.spend(1);
      if (edges.get(state) == Edge.FREE || edges.get(state) == also) {
        for (int target : targets.get(state)) {
          if (!closed.get(target)) {
            closed.set(target);
            if (top == stack.length) {
              stack = Arrays.copyOf(stack, top * 2);
            }
            stack[top++] = target;
          }
        }
      }
    }
    return closed;
  }
}

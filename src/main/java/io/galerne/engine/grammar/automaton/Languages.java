package io.galerne.engine.grammar.automaton;

import io.galerne.engine.grammar.bounds.Budget;
import java.util.List;

/** Sets of words, combined. Accepted words of a result have label 0. */
public final class Languages {
  private Languages() {}

  private enum Operation {
    INTERSECTION,
    UNION,
    DIFFERENCE
  }

  public static Dfa intersection(Dfa a, Dfa b, Budget budget) {
    return combine(a, b, Operation.INTERSECTION, budget);
  }

  public static Dfa union(Dfa a, Dfa b, Budget budget) {
    return combine(a, b, Operation.UNION, budget);
  }

  /** The words of {@code a} that aren't words of {@code b}. */
  public static Dfa difference(Dfa a, Dfa b, Budget budget) {
    return combine(a, b, Operation.DIFFERENCE, budget);
  }

  /** The words of {@code all}: those of {@code preferred} have label 0, others label 1. */
  public static Dfa preferring(Dfa all, Dfa preferred, Budget budget) {
    return DfaBuilder.explore(
        DfaBuilder.commonAlphabet(List.of(all, preferred)),
        pair(all.isEmpty() ? Dfa.DEAD : 0, preferred.isEmpty() ? Dfa.DEAD : 0),
        (Long state, int value) -> {
          int left = all.step(first(state), value);
          int right = second(state) == Dfa.DEAD ? Dfa.DEAD : preferred.step(second(state), value);
          return left == Dfa.DEAD ? null : (Long) pair(left, right);
        },
        state ->
            !all.accepts(first(state))
                ? Dfa.REJECT
                : second(state) != Dfa.DEAD && preferred.accepts(second(state)) ? 0 : 1,
        budget);
  }

  /** A pair of states in one number; the halves are off by one, so that dead is 0. */
  private static Dfa combine(Dfa a, Dfa b, Operation operation, Budget budget) {
    long start = pair(a.isEmpty() ? Dfa.DEAD : 0, b.isEmpty() ? Dfa.DEAD : 0);
    return DfaBuilder.explore(
        DfaBuilder.commonAlphabet(List.of(a, b)),
        start,
        (Long state, int value) -> {
          int left = first(state) == Dfa.DEAD ? Dfa.DEAD : a.step(first(state), value);
          int right = second(state) == Dfa.DEAD ? Dfa.DEAD : b.step(second(state), value);
          boolean dead =
              switch (operation) {
                case INTERSECTION -> left == Dfa.DEAD || right == Dfa.DEAD;
                case UNION -> left == Dfa.DEAD && right == Dfa.DEAD;
                case DIFFERENCE -> left == Dfa.DEAD;
              };
          return dead ? null : (Long) pair(left, right);
        },
        state -> {
          boolean left = first(state) != Dfa.DEAD && a.accepts(first(state));
          boolean right = second(state) != Dfa.DEAD && b.accepts(second(state));
          boolean accepts =
              switch (operation) {
                case INTERSECTION -> left && right;
                case UNION -> left || right;
                case DIFFERENCE -> left && !right;
              };
          return accepts ? 0 : Dfa.REJECT;
        },
        budget);
  }

  private static long pair(int first, int second) {
    return ((long) (first + 1) << 32) | (second + 1);
  }

  private static int first(long pair) {
    return (int) (pair >>> 32) - 1;
  }

  private static int second(long pair) {
    return (int) pair - 1;
  }
}

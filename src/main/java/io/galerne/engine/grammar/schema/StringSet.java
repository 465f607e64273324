package io.galerne.engine.grammar.schema;

import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.automaton.Escapes;
import io.galerne.engine.grammar.automaton.Languages;
import io.galerne.engine.grammar.automaton.Strings;
import io.galerne.engine.grammar.bounds.Budget;
import io.galerne.engine.grammar.bounds.GrammarException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A set of strings: those of an automaton that have a length in a range.
 *
 * @param spelled the strings as JSON spells them; null for all
 * @param max {@link Strings#UNBOUNDED} for none
 * @param exact whether no string is missing that the schema allows
 */
record StringSet(@Nullable Dfa spelled, int min, int max, boolean exact) {
  static final StringSet ALL = new StringSet(null, 0, Strings.UNBOUNDED, true);

  static StringSet of(Dfa spelled, boolean exact) {
    return new StringSet(spelled, 0, Strings.UNBOUNDED, exact);
  }

  static StringSet none(Budget budget) {
    return ALL.not(budget);
  }

  static StringSet length(int min, int max) {
    return new StringSet(null, min, max, true);
  }

  boolean isAll() {
    return spelled == null && min == 0 && max == Strings.UNBOUNDED;
  }

  /** Whether only lengths are asked for. */
  boolean isLength() {
    return spelled == null && (max == Strings.UNBOUNDED || min <= max);
  }

  boolean isEmpty(Budget budget) {
    return (max != Strings.UNBOUNDED && min > max)
        || (spelled != null && spelled(budget).isEmpty());
  }

  StringSet and(StringSet other, Budget budget) {
    if (isAll() || other.isAll()) {
      return isAll() ? other : this;
    }
    Dfa both =
        spelled == null || other.spelled == null
            ? spelled == null ? other.spelled : spelled
            : Languages.intersection(spelled, other.spelled, budget);
    int least = max == Strings.UNBOUNDED ? other.max : max;
    if (other.max != Strings.UNBOUNDED) {
      least = Math.min(least, other.max);
    }
    StringSet set = new StringSet(both, Math.max(min, other.min), least, exact && other.exact);
    return both == null ? set : of(set.spelled(budget), set.exact);
  }

  StringSet or(StringSet other, Budget budget) {
    if (equals(other) || isAll() || other.isAll()) {
      return isAll() ? this : other;
    }
    if (isEmpty(budget) || other.isEmpty(budget)) {
      return isEmpty(budget) ? other : this;
    }
    return of(
        Languages.union(spelled(budget), other.spelled(budget), budget), exact && other.exact);
  }

  StringSet not(Budget budget) {
    if (!exact) {
      throw budget.refusal(Kind.UNSUPPORTED, "what isn't of a format can't be told");
    }
    if (spelled != null && spelled.isEmpty()) {
      return ALL;
    }
    if (isAll()) {
      return length(1, 0);
    }
    Dfa all = Strings.any(Escapes.BEYOND_ASCII);
    return of(Languages.difference(all, spelled(budget), budget), true);
  }

  /** The strings as one automaton. */
  Dfa spelled(Budget budget) {
    if (spelled != null && min == 0 && max == Strings.UNBOUNDED) {
      return spelled;
    }
    if (max != Strings.UNBOUNDED && min > max) {
      Dfa all = Strings.any(Escapes.BEYOND_ASCII);
      return Languages.difference(all, all, budget);
    }
    Dfa lengths = Strings.length(min, max, Escapes.BEYOND_ASCII, budget);
    return spelled == null ? lengths : Languages.intersection(spelled, lengths, budget);
  }
}

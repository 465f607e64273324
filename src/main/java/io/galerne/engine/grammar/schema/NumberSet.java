package io.galerne.engine.grammar.schema;

import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.automaton.Languages;
import io.galerne.engine.grammar.automaton.Numbers;
import io.galerne.engine.grammar.bounds.Budget;
import org.jspecify.annotations.Nullable;

/**
 * A set of numbers.
 *
 * @param plain their plain decimal spellings; null for all numbers
 */
record NumberSet(@Nullable Dfa plain) {
  static final NumberSet ALL = new NumberSet(null);

  static NumberSet none(Budget budget) {
    return ALL.not(budget);
  }

  boolean isEmpty() {
    return plain != null && plain.isEmpty();
  }

  NumberSet and(NumberSet other, Budget budget) {
    if (plain == null || other.plain == null) {
      return plain == null ? other : this;
    }
    return isEmpty() ? this : new NumberSet(Languages.intersection(plain, other.plain, budget));
  }

  NumberSet or(NumberSet other, Budget budget) {
    if (plain == null || other.plain == null) {
      return ALL;
    }
    if (plain == other.plain || isEmpty() || other.isEmpty()) {
      return isEmpty() ? other : this;
    }
    return new NumberSet(Languages.union(plain, other.plain, budget));
  }

  NumberSet not(Budget budget) {
    Dfa all = Numbers.plain();
    return plain != null && plain.isEmpty()
        ? ALL
        : new NumberSet(Languages.difference(all, plain == null ? all : plain, budget));
  }
}

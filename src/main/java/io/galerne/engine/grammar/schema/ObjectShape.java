package io.galerne.engine.grammar.schema;

import io.galerne.engine.grammar.automaton.Dfa;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What objects may look like.
 *
 * @param named the values of properties by name, complete: nothing else applies to them
 * @param others what applies to properties that aren't named, all of it
 * @param max the most properties; {@link ArrayShape#UNBOUNDED} for none
 * @param names the names that properties may have, as JSON strings; null for all
 */
record ObjectShape(
    Map<String, Expr> named,
    List<Others> others,
    Set<String> required,
    int min,
    int max,
    @Nullable Dfa names) {
  /** The values of properties whose names match patterns, or none of them. */
  record Others(List<Pattern> patterns, Expr unmatched) {}

  /**
   * The values of properties whose names match.
   *
   * @param names the matching names as JSON strings
   */
  record Pattern(String regex, Dfa names, Expr value) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Pattern(String otherRegex, Dfa _, Expr otherValue)
          && regex.equals(otherRegex)
          && value == otherValue;
    }

    @Override
    public int hashCode() {
      return regex.hashCode();
    }
  }
}

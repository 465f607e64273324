package io.galerne.engine.grammar.automaton;

import io.galerne.engine.grammar.bounds.Budget;

/** Automata from regular expressions (Thompson, 1968; Rabin and Scott, 1959). */
public final class Regex {
  private Regex() {}

  /** The JSON strings, quotes and all, in a part of which the pattern is found. */
  public static Dfa string(String pattern, Escapes escapes, Budget budget) {
    return quoted(pattern, false, escapes, budget);
  }

  /** The JSON strings, quotes and all, whose whole text the pattern matches. */
  public static Dfa wholeString(String pattern, Escapes escapes, Budget budget) {
    return quoted(pattern, true, escapes, budget);
  }

  private static Dfa quoted(String pattern, boolean whole, Escapes escapes, Budget budget) {
    CharDfa characters = new RegexNfa(budget).compile(RegexParser.parse(pattern, budget), whole);
    return new StringSpelling(characters, escapes, budget).quoted();
  }

  /** The texts, as their UTF-8 bytes, that the pattern matches as a whole. */
  public static Dfa text(String pattern, Budget budget) {
    CharDfa characters = new RegexNfa(budget).compile(RegexParser.parse(pattern, budget), true);
    return new StringSpelling(characters, Escapes.NEEDED, budget).plain();
  }
}

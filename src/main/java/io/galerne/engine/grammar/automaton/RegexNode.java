package io.galerne.engine.grammar.automaton;

import java.util.List;

/** A regular expression, parsed. */
sealed interface RegexNode {
  /** One character of a set. */
  record Chars(CharSet set) implements RegexNode {}

  /** All parts, one after another. */
  record Sequence(List<RegexNode> parts) implements RegexNode {}

  /** Any of the parts. */
  record Choice(List<RegexNode> parts) implements RegexNode {}

  /** A part from {@code min} to {@code max} times; a max of -1 is no bound. */
  record Repeat(RegexNode part, int min, int max) implements RegexNode {}

  /** The beginning of the text. */
  record Begin() implements RegexNode {}

  /** The end of the text. */
  record End() implements RegexNode {}
}

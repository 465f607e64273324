package io.galerne.moderation.scan;

import java.util.List;

/** A regular expression as a tree. */
sealed interface RegexNode {
  record Chars(CharClass chars) implements RegexNode {}

  record Sequence(List<RegexNode> parts) implements RegexNode {}

  record Choice(List<RegexNode> options) implements RegexNode {}

  /**
   * @param max -1 for any number
   */
  record Repeat(RegexNode node, int min, int max) implements RegexNode {}

  record Assert(Assertion assertion) implements RegexNode {}

  /** What must hold between two characters. */
  enum Assertion {
    TEXT_START,
    TEXT_END,
    LINE_START,
    LINE_END,
    WORD_BOUNDARY,
    NO_WORD_BOUNDARY;

    private static final int NONE = -1;

    /**
     * @param before the character before, or -1 where there is none
     * @param after the character after, or -1
     */
    boolean holds(int before, int after) {
      return switch (this) {
        case TEXT_START -> before == NONE;
        case TEXT_END -> after == NONE;
        case LINE_START -> before == NONE || before == '\n';
        case LINE_END -> after == NONE || after == '\n';
        case WORD_BOUNDARY -> isWord(before) != isWord(after);
        case NO_WORD_BOUNDARY -> isWord(before) == isWord(after);
      };
    }

    static boolean isWord(int c) {
      return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
  }
}

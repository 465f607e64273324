package io.galerne.engine.grammar;

/** Which white space a document may have between its tokens; never without end. */
public enum Whitespace {
  /** None at all: the shortest documents, and the longest forced runs. */
  NONE,
  /**
   * After a colon at most one space; after a comma, after an opening bracket and before a closing
   * one at most one space, or one line break and an indentation of at most four spaces a level.
   */
  BOUNDED;

  static final int BEGIN = 0;
  private static final int SPACE = 1;
  private static final int LINE = 2;
  private static final int INDENT = 4;
  static final int NO = -1;

  /** How much there is after one more byte, {@link #NO} where it may not be. */
  int step(int soFar, int value, int depth, boolean mayBreak) {
    if (this == NONE || (value != ' ' && value != '\n')) {
      return NO;
    }
    if (soFar == BEGIN) {
      return value == ' ' ? SPACE : mayBreak ? LINE : NO;
    }
    return value == ' ' && soFar >= LINE && soFar - LINE < INDENT * depth ? soFar + 1 : NO;
  }
}

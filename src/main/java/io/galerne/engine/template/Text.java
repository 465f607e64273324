package io.galerne.engine.template;

import java.util.BitSet;

/**
 * A string that remembers which of its characters come from a message. Whatever a template does
 * with text (cuts, joins, replaces), a character of a message stays marked, so that it can never
 * become part of a control token. Two texts are equal if their characters are.
 */
final class Text implements Value {
  static final Text EMPTY = new Text("", new BitSet(0));

  private final String characters;

  /** Never changed after construction. */
  private final BitSet foreign;

  private Text(String characters, BitSet foreign) {
    this.characters = characters;
    this.foreign = foreign;
  }

  /** Text of the template itself. */
  static Text of(String characters) {
    return characters.isEmpty() ? EMPTY : new Text(characters, EMPTY.foreign);
  }

  /** Text of a message. */
  static Text ofMessage(String characters) {
    BitSet foreign = new BitSet(characters.length());
    foreign.set(0, characters.length());
    return new Text(characters, foreign);
  }

  /** Takes the marks over: they must not be changed afterwards. */
  static Text of(String characters, BitSet foreign) {
    return new Text(characters, foreign);
  }

  int length() {
    return characters.length();
  }

  char charAt(int index) {
    return characters.charAt(index);
  }

  boolean isForeign(int index) {
    return foreign.get(index);
  }

  /** Whether all of these characters come from messages. */
  boolean foreign(int start, int end) {
    int own = foreign.nextClearBit(start);
    return own >= end;
  }

  boolean hasForeign() {
    return !foreign.isEmpty();
  }

  /** The places of characters that come from messages. */
  BitSet foreign() {
    return (BitSet) foreign.clone();
  }

  Text substring(int start, int end) {
    if (start == 0 && end == characters.length()) {
      return this;
    }
    return hasForeign()
        ? new Text(characters.substring(start, end), foreign.get(start, end))
        : of(characters.substring(start, end));
  }

  /**
   * The same text in other letters. Where letters become more or fewer, the whole is marked if any
   * of it was.
   */
  Text withLetters(String letters) {
    if (!hasForeign()) {
      return of(letters);
    }
    return letters.length() == characters.length()
        ? new Text(letters, foreign)
        : ofMessage(letters);
  }

  /** Marks in another set, shifted, which of this text's characters come from messages. */
  void markInto(BitSet marks, int offset) {
    for (int from = foreign.nextSetBit(0); from >= 0; ) {
      int to = foreign.nextClearBit(from);
      marks.set(offset + from, offset + to);
      from = foreign.nextSetBit(to);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Text text && text.characters.equals(characters);
  }

  @Override
  public int hashCode() {
    return characters.hashCode();
  }

  @Override
  public String toString() {
    return characters;
  }
}

package io.galerne.engine.grammar;

import io.galerne.engine.grammar.schema.ValueRule;
import org.jspecify.annotations.Nullable;

/**
 * What is open around a place in a document. A value may be of several rules at once, as long as
 * the bytes don't tell; each frame keeps those of its rules that still hold. Immutable; two frames
 * are equal if the same may come after both.
 */
abstract sealed class Frame permits RootFrame, CallsFrame, EitherFrame, ArrayFrame, ObjectFrame {
  /** How many more levels have room within this one. */
  final int room;

  final int depth;
  final Whitespace whitespace;

  Frame(int room, int depth, Whitespace whitespace) {
    this.room = room;
    this.depth = depth;
    this.whitespace = whitespace;
  }

  /** The place after one more byte between scalars, null where there may be no such byte. */
  abstract @Nullable Cursor step(int value);

  /**
   * The frame after its inner value.
   *
   * @param outcome for each rule that the value could be of, whether it is
   */
  abstract Frame complete(boolean[] outcome);

  /** What a byte begins that is the first of a value of one of these rules. */
  static @Nullable Cursor beginValue(Frame within, ValueRule[] rules, int value) {
    return switch (value) {
      case '[' -> ArrayFrame.open(within, rules);
      case '{' -> ObjectFrame.open(within, rules);
      default -> ScalarScan.begin(within, rules, value);
    };
  }
}

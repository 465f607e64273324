package io.galerne.engine.grammar;

import io.galerne.engine.grammar.schema.ValueRule;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Around the document's one value. */
final class RootFrame extends Frame {
  private final ValueRule @Nullable [] rules;
  private final boolean done;

  private RootFrame(ValueRule @Nullable [] rules, boolean done, int room, Whitespace whitespace) {
    super(room, 0, whitespace);
    this.rules = rules;
    this.done = done;
  }

  /** Around a value of a rule. */
  static RootFrame of(ValueRule rule, int room, Whitespace whitespace) {
    return new RootFrame(new ValueRule[] {rule}, false, room, whitespace);
  }

  /** Around a text without rules. */
  static RootFrame ofText() {
    return new RootFrame(null, false, 0, Whitespace.NONE);
  }

  boolean isDone() {
    return done;
  }

  @Override
  @Nullable Cursor step(int value) {
    return done || rules == null ? null : beginValue(this, rules, value);
  }

  @Override
  Frame complete(boolean[] outcome) {
    return new RootFrame(rules, true, room, whitespace);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RootFrame root && Arrays.equals(rules, root.rules) && done == root.done;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(rules) + (done ? 1 : 0);
  }
}

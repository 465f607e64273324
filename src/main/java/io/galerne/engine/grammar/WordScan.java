package io.galerne.engine.grammar;

import io.galerne.engine.grammar.automaton.Dfa;
import org.jspecify.annotations.Nullable;

/** What stands around calls of tools: the words of an automaton, each of which ends itself. */
record WordScan(Dfa dfa, int state) implements Scan {
  /** The place after the first byte, null where no word begins so. */
  static @Nullable Cursor begin(CallsFrame frame, Dfa dfa, int value) {
    return new WordScan(dfa, 0).step(frame, value);
  }

  @Override
  public @Nullable Cursor step(Frame frame, int value) {
    int next = dfa.step(state, value);
    if (next == Dfa.DEAD) {
      return null;
    }
    return dfa.accepts(next)
        ? ((CallsFrame) frame).read(dfa.label(next))
        : new Cursor(frame, new WordScan(dfa, next));
  }
}

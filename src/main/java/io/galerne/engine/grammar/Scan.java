package io.galerne.engine.grammar;

import org.jspecify.annotations.Nullable;

/** A part of a document that automata read: a scalar or a property's name. */
sealed interface Scan permits ScalarScan, KeyScan, WordScan {
  @Nullable Cursor step(Frame frame, int value);
}

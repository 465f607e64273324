package io.galerne.engine.grammar;

import org.jspecify.annotations.Nullable;

/**
 * A place in a document: the array or object that is open, and what of a name or scalar has been
 * read. From each there is a way to the document's end. Immutable.
 */
record Cursor(Frame frame, @Nullable Scan scan) {
  /** The place after one more byte, null where no document goes on so. */
  @Nullable Cursor step(int value) {
    return scan == null ? frame.step(value) : scan.step(frame, value);
  }

  /** As {@link #step}, but null also for spellings that models aren't led to. */
  @Nullable Cursor propose(int value) {
    Cursor next = step(value);
    return next != null && next.scan instanceof ScalarScan scalar && !scalar.isProposed()
        ? null
        : next;
  }

  /** Whether the document may end here. */
  boolean isComplete() {
    return switch (frame) {
      case RootFrame root ->
          scan == null ? root.isDone() : scan instanceof ScalarScan scalar && scalar.mayEnd();
      case CallsFrame calls -> calls.mayEnd(scan);
      case ArrayFrame _, ObjectFrame _ -> false;
    };
  }

  /** Whether nothing can come but the end. */
  boolean isFinished() {
    return switch (frame) {
      case RootFrame root -> scan == null && root.isDone();
      case CallsFrame calls -> calls.isDone();
      case ArrayFrame _, ObjectFrame _ -> false;
    };
  }
}

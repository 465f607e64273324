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

  /** As {@link #step}, but null also for what is valid and yet not what models are led to. */
  @Nullable Cursor propose(int value) {
    Cursor next = step(value);
    return next == null || !isProposed(next) ? null : next;
  }

  private boolean isProposed(Cursor next) {
    return switch (next.scan) {
      case ScalarScan scalar -> scalar.isProposed();
      case KeyScan name -> {
        ObjectFrame object = (ObjectFrame) next.frame;
        yield object.proposesOthers() || name.mayBecomeNamed(object);
      }
      case WordScan _ -> true;
      case null -> {
        if (!(next.frame instanceof ObjectFrame object)) {
          yield true;
        }
        yield scan instanceof KeyScan
            ? ((ObjectFrame) frame).proposesOthers() || object.isNamed()
            : !object.isIdleComma();
      }
    };
  }

  /** Whether the document may end here. */
  boolean isComplete() {
    return switch (frame) {
      case RootFrame root ->
          scan == null ? root.isDone() : scan instanceof ScalarScan scalar && scalar.mayEnd();
      case CallsFrame calls -> calls.mayEnd(scan);
      case EitherFrame _, ArrayFrame _, ObjectFrame _ -> false;
    };
  }

  /** Whether nothing can come but the end. */
  boolean isFinished() {
    return switch (frame) {
      case RootFrame root -> scan == null && root.isDone();
      case CallsFrame calls -> calls.isDone();
      case EitherFrame _, ArrayFrame _, ObjectFrame _ -> false;
    };
  }
}

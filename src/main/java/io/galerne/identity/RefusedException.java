package io.galerne.identity;

import org.jspecify.annotations.Nullable;

/**
 * A change that is refused, for a reason that its author can understand. It rolls the change back
 * as a whole.
 */
public final class RefusedException extends RuntimeException {
  /** What kind of refusal it is. */
  public enum Kind {
    /** There is no such thing, or it is somebody else's: nobody is told which. */
    UNKNOWN,
    /** The value can't be taken. */
    INVALID,
    /** It exists already, or is in a state that rules the change out. */
    CONFLICT,
    /** It would give, or take away, more than the caller has. */
    BEYOND_CALLER
  }

  private final Kind kind;
  private final @Nullable String field;

  private RefusedException(Kind kind, @Nullable String field, String message) {
    super(message, null, false, false);
    this.kind = kind;
    this.field = field;
  }

  static RefusedException unknown(String what) {
    return new RefusedException(Kind.UNKNOWN, null, "There is no such " + what);
  }

  static RefusedException unknown(String what, String field) {
    return new RefusedException(Kind.UNKNOWN, field, "There is no such " + what);
  }

  static RefusedException invalid(String field, String message) {
    return new RefusedException(Kind.INVALID, field, message);
  }

  static RefusedException conflict(@Nullable String field, String message) {
    return new RefusedException(Kind.CONFLICT, field, message);
  }

  static RefusedException beyondCaller(String message) {
    return new RefusedException(Kind.BEYOND_CALLER, null, message);
  }

  public Kind kind() {
    return kind;
  }

  /** The field of the request at fault, if one is. */
  public @Nullable String field() {
    return field;
  }

  /** What to tell the client. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}

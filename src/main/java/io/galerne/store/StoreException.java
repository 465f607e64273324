package io.galerne.store;

/** Why weights could not be added, read or removed; the message is one line for the operator. */
public final class StoreException extends RuntimeException {
  /** What went wrong. */
  public enum Problem {
    /** An id that is no id. */
    BAD_ID,
    /** The id is registered already, or its file exists. */
    TAKEN,
    /** Another process adds the same id. */
    BUSY,
    /** No such id, or no such file. */
    UNKNOWN,
    /** A manifest that can't be used. */
    BROKEN_MANIFEST,
    /** An address that is not fetched from. */
    BAD_ADDRESS,
    /** A redirect that is not followed. */
    BAD_REDIRECT,
    /** The server can't be reached, or doesn't answer in time. */
    UNREACHABLE,
    /** The server answers something else than the file. */
    BAD_ANSWER,
    /** The connection ended too early; adding again goes on from there. */
    INTERRUPTED,
    /** The bytes come too slowly; adding again goes on from there. */
    STALLED,
    /** More bytes than allowed. */
    TOO_LARGE,
    /** Not enough room on the disk. */
    NO_ROOM,
    /** Nobody said what digest the file must have. */
    DIGEST_UNKNOWN,
    /** Another digest than the one meant. */
    DIGEST_MISMATCH,
    /** Nobody said what the licence is. */
    LICENCE_UNKNOWN,
    /** The engine can't load the file. */
    UNUSABLE
  }

  private final Problem problem;

  public StoreException(Problem problem, String message) {
    super(message);
    this.problem = problem;
  }

  public StoreException(Problem problem, String message, Throwable cause) {
    super(message, cause);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}

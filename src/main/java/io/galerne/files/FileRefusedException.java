package io.galerne.files;

/** A file is not taken; nothing of it is kept. */
public final class FileRefusedException extends RuntimeException {
  private final transient Reason reason;

  /** Why not. */
  public sealed interface Reason {
    record TooLarge(long bytesMax) implements Reason {}

    /** The tenant's files together. */
    record TenantFull(long bytesMax) implements Reason {}

    record TooManyFiles(int filesMax) implements Reason {}
  }

  FileRefusedException(Reason reason) {
    super(reason.toString(), null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}

package io.galerne.metering;

/**
 * The ledger could not be written, although it was tried again and again. The whole line is in the
 * log; whoever gets this must not tell the client that the usage is settled.
 */
public final class UsageNotRecordedException extends RuntimeException {
  public UsageNotRecordedException(UsageRecord usage, Throwable cause) {
    super("request " + usage.requestId() + " is not in the ledger", cause);
  }
}

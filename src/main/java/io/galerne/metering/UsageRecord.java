package io.galerne.metering;

import io.galerne.identity.Caller;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request's line in the ledger.
 *
 * @param requestId with the start the identity of the line: recording it again changes nothing
 * @param tokens equal to the usage the client saw
 * @param startedAt decides the price: the version in force at this moment
 * @param endedAt decides the day, and with it the invoice, of a line that is recorded late
 * @param evidence null where nobody has any, as of a request whose process was killed
 */
public record UsageRecord(
    UUID requestId,
    Caller caller,
    UsageSource source,
    TokenCounts tokens,
    Outcome outcome,
    Instant startedAt,
    Instant endedAt,
    @Nullable Evidence evidence) {
  /** A line without evidence. */
  public UsageRecord(
      UUID requestId,
      Caller caller,
      UsageSource source,
      TokenCounts tokens,
      Outcome outcome,
      Instant startedAt,
      Instant endedAt) {
    this(requestId, caller, source, tokens, outcome, startedAt, endedAt, null);
  }

  /** How the request ended. */
  public enum Outcome {
    STOP,
    LENGTH,
    /** What might be spent was spent. */
    BUDGET,
    DISCONNECTED,
    /** A policy refused the input, or cut the answer. */
    BLOCKED,
    ERROR,
    /** The process was killed; the line was written by another. */
    INTERRUPTED
  }

  public String model() {
    return source.model();
  }

  public String weightsDigest() {
    return source.weightsDigest();
  }

  public int promptTokens() {
    return tokens.prompt();
  }

  public int completionTokens() {
    return tokens.completion();
  }
}

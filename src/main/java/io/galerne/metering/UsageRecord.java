package io.galerne.metering;

import io.galerne.identity.Caller;
import java.time.Instant;
import java.util.UUID;

/**
 * One request's line in the ledger.
 *
 * @param requestId the identity of the line: recording it again changes nothing
 * @param model the model id the client asked for
 * @param weightsDigest SHA-256 of the weights that answered
 * @param promptTokens equal to the usage the client saw
 * @param completionTokens tokens delivered to the client
 */
public record UsageRecord(
    UUID requestId,
    Caller caller,
    String model,
    String weightsDigest,
    int promptTokens,
    int completionTokens,
    Outcome outcome,
    Instant startedAt,
    Instant endedAt) {
  /** How the request ended. */
  public enum Outcome {
    STOP,
    LENGTH,
    DISCONNECTED,
    ERROR
  }
}

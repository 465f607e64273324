package io.galerne.serving;

import io.galerne.catalog.EmbeddingCard;
import io.galerne.identity.Caller;
import io.galerne.limits.Demand;
import io.galerne.metering.ServiceKind;
import io.galerne.metering.TokenCounts;
import io.galerne.metering.UsageNotRecordedException;
import io.galerne.metering.UsageRecord;
import io.galerne.metering.UsageRecord.Outcome;
import io.galerne.metering.UsageSource;
import java.time.Instant;
import java.util.UUID;

/** Writes the line of one request for embeddings and counts it, whatever way the request ended. */
final class EmbeddingSettlement {
  private final Terms terms;
  private final EmbeddingMetrics metrics;
  private final UUID requestId;
  private final Caller caller;
  private final String model;
  private final EmbeddingCard card;
  private final int promptTokens;
  private final Instant startedAt = Instant.now();

  EmbeddingSettlement(
      Terms terms,
      EmbeddingMetrics metrics,
      UUID requestId,
      Caller caller,
      String model,
      EmbeddingCard card,
      int promptTokens) {
    this.terms = terms;
    this.metrics = metrics;
    this.requestId = requestId;
    this.caller = caller;
    this.model = model;
    this.card = card;
    this.promptTokens = promptTokens;
  }

  private UsageSource source() {
    return new UsageSource(
        ServiceKind.EMBEDDING,
        terms.serviceClass(),
        false,
        model,
        card.id(),
        card.profile().digest(),
        null);
  }

  /** What the request asks for. */
  Demand demand() {
    return new Demand(requestId, caller, source(), promptTokens, 0, startedAt);
  }

  /**
   * @return the outcome as the client is to see it: a line that can't be written is a failure
   */
  EmbeddingOutcome settle(EmbeddingOutcome outcome) {
    boolean whole = outcome instanceof EmbeddingOutcome.Embedded;
    UsageRecord usage =
        new UsageRecord(
            requestId,
            caller,
            source(),
            new TokenCounts(promptTokens, 0, 0),
            whole ? Outcome.STOP : Outcome.ERROR,
            startedAt,
            Instant.now());
    metrics.completed(card, usage);
    // an interrupted thread could not talk to the database
    boolean interrupted = Thread.interrupted();
    try {
      terms.ledger().record(usage);
      return outcome;
    } catch (UsageNotRecordedException e) {
      return new EmbeddingOutcome.Failed(Ending.Failure.LEDGER);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

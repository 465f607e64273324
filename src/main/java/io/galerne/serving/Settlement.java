package io.galerne.serving;

import io.galerne.catalog.ModelCard;
import io.galerne.engine.FinishReason;
import io.galerne.identity.Caller;
import io.galerne.metering.UsageLedger;
import io.galerne.metering.UsageNotRecordedException;
import io.galerne.metering.UsageRecord;
import io.galerne.metering.UsageRecord.Outcome;
import java.time.Instant;
import java.util.UUID;

/** Writes one request's line in the ledger and counts it, whatever way the request ended. */
final class Settlement {
  private final UsageLedger ledger;
  private final CompletionMetrics metrics;
  private final UUID requestId;
  private final Caller caller;
  private final String model;
  private final ModelCard card;
  private final int promptTokens;
  private final Instant startedAt = Instant.now();

  Settlement(
      UsageLedger ledger,
      CompletionMetrics metrics,
      UUID requestId,
      Caller caller,
      String model,
      ModelCard card,
      int promptTokens) {
    this.ledger = ledger;
    this.metrics = metrics;
    this.requestId = requestId;
    this.caller = caller;
    this.model = model;
    this.card = card;
    this.promptTokens = promptTokens;
  }

  Caller caller() {
    return caller;
  }

  int promptTokens() {
    return promptTokens;
  }

  void firstToken() {
    metrics.firstToken(card, startedAt);
  }

  /**
   * @param delivered tokens that reached the client, for an answer that did not finish
   * @return the ending as the client is to see it: a line that can't be written is a failure
   */
  Ending settle(Ending ending, int delivered) {
    UsageRecord usage = usage(ending, delivered);
    metrics.completed(card, usage);
    try {
      ledger.record(usage);
      return ending;
    } catch (UsageNotRecordedException e) {
      return new Ending.Failed(Ending.Failure.LEDGER);
    }
  }

  private UsageRecord usage(Ending ending, int delivered) {
    return switch (ending) {
      case Ending.Finished finished ->
          usage(outcome(finished.reason()), finished.completionTokens());
      case Ending.Disconnected() -> usage(Outcome.DISCONNECTED, delivered);
      case Ending.Failed _ -> usage(Outcome.ERROR, delivered);
    };
  }

  private static Outcome outcome(FinishReason reason) {
    return switch (reason) {
      case STOP, TOOL_CALLS -> Outcome.STOP;
      case LENGTH, CONTEXT_FULL -> Outcome.LENGTH;
      case DEADLINE, CANCELLED, ERROR ->
          throw new IllegalStateException("an answer does not finish with " + reason);
    };
  }

  private UsageRecord usage(Outcome outcome, int completionTokens) {
    return new UsageRecord(
        requestId,
        caller,
        model,
        card.profile().digest(),
        promptTokens,
        completionTokens,
        outcome,
        startedAt,
        Instant.now());
  }
}

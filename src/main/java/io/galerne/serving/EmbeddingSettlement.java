package io.galerne.serving;

import io.galerne.audit.AnswerContent;
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
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the line of one request for embeddings and counts it, whatever way the request ended. */
final class EmbeddingSettlement {
  private final Terms terms;
  private final EmbeddingMetrics metrics;
  private final UUID requestId;
  private final Caller caller;
  private final String model;
  private final EmbeddingCard card;
  private final int promptTokens;
  private final List<int[]> texts;
  private final @Nullable String policies;
  private final Instant startedAt = Instant.now();

  EmbeddingSettlement(
      Terms terms,
      EmbeddingMetrics metrics,
      Moderator.Subject subject,
      String model,
      EmbeddingCard card,
      int promptTokens,
      List<int[]> texts,
      @Nullable String policies) {
    this.terms = terms;
    this.metrics = metrics;
    this.requestId = subject.requestId();
    this.caller = subject.caller();
    this.model = model;
    this.card = card;
    this.promptTokens = promptTokens;
    this.texts = texts;
    this.policies = policies;
  }

  private UsageSource source() {
    return new UsageSource(
        ServiceKind.EMBEDDING,
        terms.serviceClass(),
        false,
        model,
        card.id(),
        card.profile().digest(),
        policies);
  }

  /** What the request asks for. */
  Demand demand() {
    return new Demand(requestId, caller, source(), promptTokens, 0, startedAt);
  }

  /** The texts' tokens one after the other, and the vectors as the bits of their numbers. */
  private AnswerContent content(EmbeddingOutcome outcome) {
    List<AnswerContent.Said> vectors = List.of();
    if (outcome instanceof EmbeddingOutcome.Embedded embedded) {
      vectors =
          embedded.vectors().stream()
              .map(vector -> new AnswerContent.Said(EmbeddingBits.hex(vector), List.of(), true))
              .toList();
    }
    return new AnswerContent(
        EmbeddingBits.lengths(texts),
        texts.stream().flatMapToInt(Arrays::stream).boxed().toList(),
        vectors,
        null);
  }

  /**
   * @return the outcome as the client is to see it: a line that can't be written is a failure
   */
  EmbeddingOutcome settle(EmbeddingOutcome outcome) {
    boolean whole = outcome instanceof EmbeddingOutcome.Embedded;
    return settle(outcome, whole ? Outcome.STOP : Outcome.ERROR, promptTokens);
  }

  /** Settles a request that a policy blocked. */
  EmbeddingOutcome settleBlocked(GuardrailReport report, boolean charged) {
    return settle(
        new EmbeddingOutcome.InputBlocked(report), Outcome.BLOCKED, charged ? promptTokens : 0);
  }

  private EmbeddingOutcome settle(EmbeddingOutcome outcome, Outcome ending, int tokens) {
    UsageRecord usage =
        new UsageRecord(
            requestId,
            caller,
            source(),
            new TokenCounts(tokens, 0, 0),
            ending,
            startedAt,
            Instant.now());
    metrics.completed(card, usage);
    // an interrupted thread could not talk to the database
    boolean interrupted = Thread.interrupted();
    try {
      terms.ledger().record(AnswerEvidence.proved(usage, null, content(outcome)));
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

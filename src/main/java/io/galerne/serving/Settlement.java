package io.galerne.serving;

import io.galerne.audit.AnswerContent;
import io.galerne.catalog.ModelCard;
import io.galerne.engine.FinishReason;
import io.galerne.engine.GenerationTimes;
import io.galerne.identity.Caller;
import io.galerne.limits.Demand;
import io.galerne.limits.Reservation;
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

/** Writes one request's line in the ledger and counts it, whatever way the request ended. */
final class Settlement {
  private final Terms terms;
  private final CompletionMetrics metrics;
  private final UUID requestId;
  private final Caller caller;
  private final ModelCard card;
  private final UsageSource source;
  private final int promptTokens;
  private final Instant startedAt = Instant.now();
  private Reservation reservation = Reservation.unlimited();
  private long heldNanos = System.nanoTime();
  private List<Integer> prompt = List.of();
  private @Nullable RecordedRequest request;

  Settlement(
      Terms terms,
      CompletionMetrics metrics,
      UUID requestId,
      Caller caller,
      ModelCard card,
      UsageSource source,
      int promptTokens) {
    this.terms = terms;
    this.metrics = metrics;
    this.requestId = requestId;
    this.caller = caller;
    this.card = card;
    this.source = source;
    this.promptTokens = promptTokens;
  }

  Terms terms() {
    return terms;
  }

  Caller caller() {
    return caller;
  }

  int promptTokens() {
    return promptTokens;
  }

  /** What the request asks for. */
  Demand demand(int completionTokensMax) {
    return new Demand(requestId, caller, source, promptTokens, completionTokensMax, startedAt);
  }

  /** The line to come ends the reservation. */
  void holds(Reservation held) {
    reservation = held;
    heldNanos = System.nanoTime();
  }

  Reservation reservation() {
    return reservation;
  }

  /** What the model reads. */
  void reads(int[] promptTokens) {
    prompt = Arrays.stream(promptTokens).boxed().toList();
  }

  /** What the answers are drawn by. */
  void drawsBy(RecordedRequest recorded) {
    request = recorded;
  }

  void firstToken() {
    metrics.firstToken(card, source.service(), startedAt);
  }

  /**
   * @param tokens of the answer; 0 where it is one of several
   */
  void timed(GenerationTimes times, int tokens) {
    metrics.timed(card, source.service(), times, heldNanos, tokens);
  }

  /**
   * What came of the request.
   *
   * @param generated null where all of it was sent
   */
  record Said(List<AnswerContent.Said> sent, @Nullable List<AnswerContent.Said> generated) {}

  private UsageRecord proved(UsageRecord usage, Said said) {
    String parameters = request == null ? null : request.toJson();
    return AnswerEvidence.proved(
        usage, request, new AnswerContent(parameters, prompt, said.sent(), said.generated()));
  }

  /**
   * @param stream whether the answer was relayed as it came
   * @param delivered the tokens of an answer that did not finish, as far as they reached the client
   * @param said to the client
   * @return the ending as the client is to see it: a line that can't be written is a failure
   */
  Ending settle(Ending ending, boolean stream, TokenCounts delivered, Said said) {
    UsageRecord usage = proved(usage(ending, source.withStream(stream), delivered), said);
    metrics.completed(card, usage);
    try {
      terms.ledger().record(usage);
      return ending;
    } catch (UsageNotRecordedException e) {
      return new Ending.Failed(Ending.Failure.LEDGER);
    }
  }

  /**
   * Writes the line of a request whose input was blocked.
   *
   * @param charged whether its prompt is charged
   * @return whether the line could be written
   */
  boolean settleBlocked(boolean charged) {
    TokenCounts tokens = new TokenCounts(charged ? promptTokens : 0, 0, 0);
    UsageRecord usage = proved(usage(source, Outcome.BLOCKED, tokens), new Said(List.of(), null));
    metrics.completed(card, usage);
    try {
      terms.ledger().record(usage);
      return true;
    } catch (UsageNotRecordedException e) {
      return false;
    }
  }

  private UsageRecord usage(Ending ending, UsageSource used, TokenCounts delivered) {
    return switch (ending) {
      case Ending.Finished finished ->
          usage(
              used,
              outcome(finished),
              new TokenCounts(
                  finished.promptTokens(),
                  finished.cachedPromptTokens(),
                  finished.completionTokens()));
      case Ending.Disconnected() -> usage(used, Outcome.DISCONNECTED, delivered);
      case Ending.Failed _ -> usage(used, Outcome.ERROR, delivered);
    };
  }

  /** The first answer's, unless a policy cut one of them. */
  private static Outcome outcome(Ending.Finished finished) {
    boolean cut =
        finished.choices().stream().anyMatch(choice -> choice.reason() == FinishReason.ERROR);
    return cut ? Outcome.BLOCKED : outcome(finished.reason());
  }

  private static Outcome outcome(FinishReason reason) {
    return switch (reason) {
      case STOP, TOOL_CALLS -> Outcome.STOP;
      case LENGTH, CONTEXT_FULL -> Outcome.LENGTH;
      case ALLOWANCE -> Outcome.BUDGET;
      case ERROR -> Outcome.BLOCKED; // the guard's; a failure of the engine does not finish
      case DEADLINE, CANCELLED ->
          throw new IllegalStateException("an answer does not finish with " + reason);
    };
  }

  private UsageRecord usage(UsageSource used, Outcome outcome, TokenCounts tokens) {
    return new UsageRecord(requestId, caller, used, tokens, outcome, startedAt, Instant.now());
  }
}

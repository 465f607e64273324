package io.galerne.serving;

import io.galerne.audit.AnswerContent;
import io.galerne.audit.AnswerRecord;
import io.galerne.metering.Evidence;
import io.galerne.metering.UsageRecord;
import org.jspecify.annotations.Nullable;

/** A request's record and its content, on their way to the database with the line of the ledger. */
record AnswerEvidence(AnswerRecord record, AnswerContent content) implements Evidence {
  /** The line with its evidence. */
  static UsageRecord proved(
      UsageRecord usage, @Nullable RecordedRequest request, AnswerContent content) {
    AnswerRecord.Digests digests = AnswerRecord.Digests.of(usage.requestId(), content);
    return new UsageRecord(
        usage.requestId(),
        usage.caller(),
        usage.source(),
        usage.tokens(),
        usage.outcome(),
        usage.startedAt(),
        usage.endedAt(),
        new AnswerEvidence(
            record(usage, request == null ? null : request.parameters(), digests), content));
  }

  /** The record of a line that has no evidence. */
  static AnswerRecord without(UsageRecord usage) {
    return record(usage, null, null);
  }

  private static AnswerRecord record(
      UsageRecord usage,
      AnswerRecord.@Nullable Parameters parameters,
      AnswerRecord.@Nullable Digests digests) {
    return new AnswerRecord(
        usage.requestId(),
        usage.caller().workspaceId(),
        usage.caller().apiKeyId(),
        usage.source().service().name(),
        usage.source().serviceClass().name(),
        usage.source().stream(),
        usage.source().model(),
        usage.source().weightsDigest(),
        usage.source().policyVersion(),
        parameters,
        usage.outcome().name(),
        usage.promptTokens(),
        usage.completionTokens(),
        digests);
  }

  @Override
  public String toString() {
    return "AnswerEvidence[not shown]";
  }
}

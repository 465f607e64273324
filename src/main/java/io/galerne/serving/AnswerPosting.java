package io.galerne.serving;

import io.galerne.audit.AnswerRecord;
import io.galerne.audit.AnswerRecords;
import io.galerne.metering.Cost;
import io.galerne.metering.Evidence;
import io.galerne.metering.LedgerPosting;
import io.galerne.metering.UsageRecord;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Each line of the ledger has its record in the chain of answers: both are written, or neither. */
@Component
class AnswerPosting implements LedgerPosting, Evidence.Encoder {
  private final AnswerRecords records;

  AnswerPosting(AnswerRecords records) {
    this.records = records;
  }

  @Override
  public void posted(UsageRecord usage, Cost cost, boolean fresh) {
    if (!fresh) {
      return;
    }
    UUID tenant = usage.caller().tenantId();
    switch (usage.evidence()) {
      case AnswerEvidence(AnswerRecord record, var content) ->
          records.record(tenant, record, () -> content);
      case Evidence.Encoded(String text) -> records.recordEncoded(tenant, text);
      case null -> records.record(tenant, AnswerEvidence.without(usage));
      default -> throw new IllegalArgumentException("evidence of " + usage.evidence().getClass());
    }
  }

  @Override
  public @Nullable String encode(UsageRecord usage) {
    return switch (usage.evidence()) {
      case AnswerEvidence(AnswerRecord record, var content) ->
          records.encode(usage.caller().tenantId(), record, () -> content);
      case Evidence.Encoded(String text) -> text;
      case null -> null;
      default -> throw new IllegalArgumentException("evidence of " + usage.evidence().getClass());
    };
  }
}

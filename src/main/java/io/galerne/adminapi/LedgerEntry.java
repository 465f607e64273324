package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.metering.LedgerLine;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One request's line of the ledger on the wire. */
record LedgerEntry(
    long number,
    @JsonProperty("request_id") UUID requestId,
    @JsonProperty("workspace_id") UUID workspaceId,
    @JsonProperty("api_key_id") UUID apiKeyId,
    String service,
    @JsonProperty("service_class") String serviceClass,
    boolean stream,
    String model,
    @JsonProperty("priced_as") String pricedAs,
    @JsonProperty("price_version") @Nullable Long priceVersion,
    @JsonProperty("weights_digest") String weightsDigest,
    @JsonProperty("policy_version") @Nullable String policyVersion,
    @JsonProperty("prompt_tokens") int promptTokens,
    @JsonProperty("cached_prompt_tokens") int cachedPromptTokens,
    @JsonProperty("completion_tokens") int completionTokens,
    @JsonProperty("cost_micros") long costMicros,
    @JsonProperty("cost_picos") long costPicos,
    String outcome,
    @JsonProperty("started_at") Instant startedAt,
    @JsonProperty("ended_at") Instant endedAt,
    LocalDate day) {
  static LedgerEntry of(LedgerLine line) {
    return new LedgerEntry(
        line.number(),
        line.requestId(),
        line.workspaceId(),
        line.apiKeyId(),
        line.service().name().toLowerCase(Locale.ROOT),
        line.serviceClass().name().toLowerCase(Locale.ROOT),
        line.stream(),
        line.model(),
        line.pricedAs(),
        line.priceVersion(),
        line.weightsDigest(),
        line.policyVersion(),
        line.tokens().prompt(),
        line.tokens().cachedPrompt(),
        line.tokens().completion(),
        line.cost().micros(),
        line.cost().picos(),
        line.outcome().name().toLowerCase(Locale.ROOT),
        line.startedAt(),
        line.endedAt(),
        line.day());
  }
}

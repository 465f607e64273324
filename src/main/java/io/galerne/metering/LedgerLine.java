package io.galerne.metering;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A line as it stands in the ledger.
 *
 * @param number its place: later lines have greater numbers
 * @param day the day (UTC) that the use counts for
 * @param priceVersion null if the model had no price
 * @param policyVersion the output policy in force, if there was one
 */
public record LedgerLine(
    long number,
    UUID requestId,
    UUID workspaceId,
    UUID apiKeyId,
    ServiceKind service,
    ServiceClass serviceClass,
    boolean stream,
    String model,
    String pricedAs,
    @Nullable Long priceVersion,
    String weightsDigest,
    @Nullable String policyVersion,
    TokenCounts tokens,
    Cost cost,
    UsageRecord.Outcome outcome,
    Instant startedAt,
    Instant endedAt,
    LocalDate day) {}

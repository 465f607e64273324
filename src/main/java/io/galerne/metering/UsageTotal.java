package io.galerne.metering;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A sum of the ledger; what it is not broken down by is null.
 *
 * @param costPicos the exact cost, see {@link Cost}
 */
public record UsageTotal(
    @Nullable LocalDate day,
    @Nullable String model,
    @Nullable UUID workspaceId,
    @Nullable UUID apiKeyId,
    @Nullable ServiceKind service,
    @Nullable ServiceClass serviceClass,
    long requests,
    long promptTokens,
    long cachedPromptTokens,
    long completionTokens,
    BigInteger costPicos) {
  public long costMicros() {
    return Cost.micros(costPicos);
  }
}

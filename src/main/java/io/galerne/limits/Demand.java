package io.galerne.limits;

import io.galerne.identity.Caller;
import io.galerne.metering.ServiceClass;
import io.galerne.metering.UsageSource;
import java.time.Instant;
import java.util.UUID;

/**
 * What a request asks for.
 *
 * @param source as its line in the ledger will have it; limits and prices go by the model it is
 *     priced as
 * @param completionTokensMax the longest answer; 0 where there is none, as for embeddings
 * @param startedAt as the ledger will have it
 */
public record Demand(
    UUID requestId,
    Caller caller,
    UsageSource source,
    int promptTokens,
    int completionTokensMax,
    Instant startedAt) {
  String model() {
    return source.pricedAs();
  }

  /** Whether somebody waits; a batch isn't held to rates, only to budgets. */
  boolean realTime() {
    return source.serviceClass() == ServiceClass.REALTIME;
  }
}

package io.galerne.batch;

import io.galerne.metering.UsageRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a line was answered.
 *
 * @param status of HTTP
 * @param body JSON, the same that the endpoint would have sent
 * @param usage what is to be written in the ledger with it; null where nothing ran
 */
public record LineAnswer(int status, String body, @Nullable UsageRecord usage) {
  boolean succeeded() {
    return status / 100 == 2;
  }

  /** The engine is full or going down: another time will do. */
  boolean isBusy() {
    return status == 429 || status == 503;
  }

  /** It failed for a reason of ours. */
  boolean isOurFault() {
    return status >= 500;
  }
}

package io.galerne.api;

import java.time.Instant;

/**
 * What an answer and all chunks of a stream have in common.
 *
 * @param created seconds since 1970
 * @param model the name the client asked for
 */
record AnswerHeading(String id, long created, String model) {
  /**
   * @param requestId 32 hex digits
   */
  static AnswerHeading of(String requestId, String model) {
    return new AnswerHeading("cmpl-" + requestId, Instant.now().getEpochSecond(), model);
  }
}

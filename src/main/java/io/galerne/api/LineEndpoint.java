package io.galerne.api;

import io.galerne.identity.Caller;
import io.galerne.serving.Terms;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * An endpoint whose requests may also be lines of a batch. A line is read, checked and answered by
 * what serves the endpoint over HTTP, so both give the same bodies.
 */
interface LineEndpoint {
  /** As a job names it, like {@code /v1/embeddings}. */
  String path();

  /**
   * Answers one request in one piece; a wish to have it streamed is ignored.
   *
   * @param requestId the identity of the request's line in the ledger
   * @return the body of the answer
   * @throws ApiException what the endpoint answers with when it refuses
   */
  Object answer(JsonNode body, Caller caller, UUID requestId, Terms terms);
}

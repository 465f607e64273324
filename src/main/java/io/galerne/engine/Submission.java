package io.galerne.engine;

/** What became of a request. */
public sealed interface Submission {
  record Accepted(Generation generation) implements Submission {}

  /** Too many requests wait already, of all callers together. */
  record QueueFull(int waitingMax) implements Submission {}

  /** Too many requests of the same fairness key wait already; others still come in. */
  record ShareFull(int waitingPerKeyMax) implements Submission {}

  /** The prompt leaves no room for an answer in the context window. */
  record PromptTooLong(int promptTokens, int contextTokens) implements Submission {}

  /** Prompt and longest answer together are more than the cache could ever hold. */
  record CacheTooSmall(int tokens, int cacheTokens) implements Submission {}

  /** The deadline had passed before the request came. */
  record DeadlinePassed() implements Submission {}

  /**
   * Nobody is there to answer.
   *
   * @param reason fit for a client
   */
  record Unavailable(String reason) implements Submission {}

  /**
   * The machine that was to answer does not take the request.
   *
   * @param reason fit for a client
   */
  record RefusedElsewhere(String reason) implements Submission {}

  /** The engine is shutting down. */
  record Closed() implements Submission {}
}

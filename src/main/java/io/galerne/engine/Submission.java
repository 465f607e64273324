package io.galerne.engine;

/** What became of a request. */
public sealed interface Submission {
  record Accepted(Generation generation) implements Submission {}

  /** Too many requests wait already. */
  record QueueFull(int waitingMax) implements Submission {}

  /** The prompt leaves no room for an answer in the context window. */
  record PromptTooLong(int promptTokens, int contextTokens) implements Submission {}

  /** The engine is shutting down. */
  record Closed() implements Submission {}
}

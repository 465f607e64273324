package io.galerne.serving;

/** Whether a request may run. */
public sealed interface Admission {
  /** It runs: the completion must now be streamed or collected. */
  record Admitted(Completion completion) implements Admission {}

  /** It doesn't run, and leaves no line in the ledger. */
  sealed interface Refused extends Admission {}

  record UnknownModel(String model) implements Refused {}

  /** The model does something else, like embeddings. */
  record NotAChatModel(String model) implements Refused {}

  /** The model's chat template does not take this conversation. */
  record ConversationRefused(String reason) implements Refused {}

  record PromptTooLong(int promptTokens, int contextTokens) implements Refused {}

  record QueueFull(int waitingMax) implements Refused {}

  /** Too many requests of the caller's own tenant wait; others still get in. */
  record TenantQueueFull(int waitingMax) implements Refused {}

  record ShuttingDown() implements Refused {}
}

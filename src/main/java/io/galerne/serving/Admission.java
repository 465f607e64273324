package io.galerne.serving;

import io.galerne.engine.OutputFormat;
import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.limits.Decision;

/** Whether a request may run. */
public sealed interface Admission {
  /** It runs: the completion must now be streamed or collected. */
  record Admitted(Completion completion) implements Admission {}

  /** It doesn't run, and leaves no line in the ledger. */
  sealed interface Refused extends Admission {}

  record UnknownModel(String model) implements Refused {}

  /** The caller's key is not for this model. */
  record ModelNotAllowed(String model) implements Refused {}

  /** The model does something else, like embeddings. */
  record NotAChatModel(String model) implements Refused {}

  /** The model's chat template does not take this conversation. */
  record ConversationRefused(String reason) implements Refused {}

  /** Nobody can say which policies hold. */
  record PoliciesUnknown() implements Refused {}

  /** The model is not offered for calling tools. */
  record ToolsNotOffered(String model) implements Refused {}

  /** The model's vocabulary has no tokens for filling in between two texts. */
  record FillingNotOffered(String model) implements Refused {}

  /**
   * A parameter's value doesn't fit this model.
   *
   * @param reason fit for a client
   */
  record ParameterRefused(String parameter, String reason) implements Refused {}

  /**
   * The answer's format can't be enforced in full.
   *
   * @param keyword at fault, or empty
   * @param pointer the JSON pointer of the schema that holds it; for tools it begins with {@code
   *     /tools/INDEX/parameters}, or {@link OutputFormat.ToolCalls#OTHERWISE}
   * @param reason fit for a client
   */
  record FormatRefused(
      OutputFormat format,
      GrammarException.Kind kind,
      String keyword,
      String pointer,
      String reason)
      implements Refused {}

  /** Too many formats are being compiled; it took too long to get a place. */
  record CompilersBusy() implements Refused {}

  /** As many formats of the caller's own tenant are being compiled as may be. */
  record TenantCompilersBusy(int compilationsMax) implements Refused {}

  /** Too many requests wait for their formats to be compiled. */
  record CompilationQueueFull(int waitingMax) implements Refused {}

  /** Too many requests of the caller's own tenant wait for that. */
  record TenantCompilationQueueFull(int waitingMax) implements Refused {}

  /**
   * A policy, or what the request itself asked for, blocks its input. Its line is in the ledger.
   */
  record InputBlocked(GuardrailReport report) implements Refused {}

  record PromptTooLong(int promptTokens, int contextTokens) implements Refused {}

  record QueueFull(int waitingMax) implements Refused {}

  /** Too many requests of the caller's own tenant wait; others still get in. */
  record TenantQueueFull(int waitingMax) implements Refused {}

  /** The time of the request was up before it could run. */
  record TimedOut() implements Refused {}

  /** A limit or a cap of the caller's, or no database to ask. */
  record Limited(Decision.Denied denied) implements Refused {}

  /**
   * No machine is there that serves the model.
   *
   * @param reason fit for a client
   */
  record Unavailable(String reason) implements Refused {}

  /**
   * The machine that serves the model doesn't take the request.
   *
   * @param reason fit for a client
   */
  record BackendRefused(String reason) implements Refused {}

  record ShuttingDown() implements Refused {}
}

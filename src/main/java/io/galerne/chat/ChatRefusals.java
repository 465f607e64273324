package io.galerne.chat;

import io.galerne.limits.Decision;
import io.galerne.serving.Admission;

/** What serving's refusals are for people. */
final class ChatRefusals {
  private ChatRefusals() {}

  static ChatRefusedException of(Admission.Refused refused) {
    return switch (refused) {
      case Admission.UnknownModel _, Admission.NotAChatModel _, Admission.ModelNotAllowed _ ->
          ChatRefusedException.invalid("model", "model");
      case Admission.ConversationRefused _, Admission.FillingNotOffered _ ->
          ChatRefusedException.invalid("text", "conversation");
      case Admission.ToolsNotOffered _ -> ChatRefusedException.invalid("tools", "tools.model");
      case Admission.ParameterRefused(String parameter, String reason) ->
          ChatRefusedException.invalid(parameter, "parameter", parameter, reason);
      case Admission.FormatRefused format ->
          ChatRefusedException.invalid("tools", "format", format.reason());
      case Admission.PromptTooLong(int promptTokens, int contextTokens) ->
          ChatRefusedException.invalid("text", "context", promptTokens, contextTokens);
      case Admission.CompilersBusy _,
          Admission.TenantCompilersBusy _,
          Admission.CompilationQueueFull _,
          Admission.TenantCompilationQueueFull _,
          Admission.QueueFull _,
          Admission.TenantQueueFull _,
          Admission.TimedOut _ ->
          ChatRefusedException.unavailable("busy");
      case Admission.Unavailable _, Admission.BackendRefused _ ->
          ChatRefusedException.unavailable("backend");
      case Admission.PoliciesUnknown _ -> ChatRefusedException.unavailable("policies");
      case Admission.ShuttingDown _ -> ChatRefusedException.unavailable("shutdown");
      case Admission.Limited(Decision.Denied denied) -> of(denied);
      case Admission.InputBlocked _ ->
          throw new IllegalStateException("a policy's refusal is part of the conversation");
    };
  }

  private static ChatRefusedException of(Decision.Denied denied) {
    long seconds = Math.max(1, Math.ceilDiv(denied.retryAfter().toMillis(), 1000));
    return switch (denied) {
      case Decision.RateLimited _ -> ChatRefusedException.later("rate", seconds);
      case Decision.QuotaReached _ -> ChatRefusedException.later("quota");
      case Decision.CapReached _ -> ChatRefusedException.later("spend");
      case Decision.CapReserved _ -> ChatRefusedException.later("spend.held");
      case Decision.Unavailable _ -> ChatRefusedException.unavailable("limits");
    };
  }
}

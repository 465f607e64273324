package io.galerne.serving;

import io.galerne.limits.Decision;

/** What refusals are called in metrics. */
final class RefusalNames {
  private RefusalNames() {}

  static String of(Admission.Refused refused) {
    return switch (refused) {
      case Admission.UnknownModel _ -> "unknown_model";
      case Admission.ModelNotAllowed _ -> "model_not_allowed";
      case Admission.NotAChatModel _ -> "not_a_chat_model";
      case Admission.ConversationRefused _ -> "conversation_refused";
      case Admission.InputBlocked _ -> "input_blocked";
      case Admission.PoliciesUnknown _ -> "policies_unknown";
      case Admission.PromptTooLong _ -> "prompt_too_long";
      case Admission.QueueFull _ -> "queue_full";
      case Admission.TenantQueueFull _ -> "tenant_queue_full";
      case Admission.FillingNotOffered _ -> "filling_not_offered";
      case Admission.ParameterRefused _ -> "parameter_refused";
      case Admission.ToolsNotOffered _ -> "tools_not_offered";
      case Admission.FormatRefused _ -> "format_refused";
      case Admission.CompilersBusy _ -> "compilers_busy";
      case Admission.TenantCompilersBusy _ -> "tenant_compilers_busy";
      case Admission.CompilationQueueFull _ -> "compilation_queue_full";
      case Admission.TenantCompilationQueueFull _ -> "tenant_compilation_queue_full";
      case Admission.TimedOut _ -> "timed_out";
      case Admission.Limited(Decision.Denied denied) -> LimitReasons.of(denied);
      case Admission.Unavailable _ -> "unavailable";
      case Admission.BackendRefused _ -> "backend_refused";
      case Admission.ShuttingDown _ -> "shutting_down";
    };
  }
}

package io.galerne.api;

import io.galerne.limits.Decision;
import io.galerne.serving.Admission;
import io.galerne.serving.Ending;
import io.galerne.serving.GuardrailReport;
import org.springframework.http.HttpStatus;

/** What serving's outcomes are called on the wire. */
final class Refusals {
  private static final int RETRY_AFTER_SECONDS = 5;

  private Refusals() {}

  static ApiException of(Admission.Refused refused) {
    return switch (refused) {
      case Admission.UnknownModel(String model) ->
          ApiException.badRequest(ErrorEnvelope.unknownModel(model));
      case Admission.ModelNotAllowed(String model) -> modelNotAllowed(model);
      case Admission.NotAChatModel(String model) ->
          ApiException.badRequest(ErrorEnvelope.otherModel(model, "chat completions"));
      case Admission.ConversationRefused(String reason) ->
          ApiException.badRequest(
              new ErrorEnvelope(
                  "The model's chat template refuses the messages: " + EchoedInput.text(reason),
                  ErrorEnvelope.INVALID_REQUEST,
                  "messages",
                  null));
      case Admission.ToolsNotOffered(String model) ->
          ApiException.badRequest(
              new ErrorEnvelope(
                  "Function calling is not enabled for the model " + EchoedInput.text(model),
                  ErrorEnvelope.INVALID_REQUEST,
                  "tools",
                  null));
      case Admission.FillingNotOffered(String model) ->
          ApiException.badRequest(
              new ErrorEnvelope(
                  "Invalid model: %s can't fill in between two texts, its vocabulary has no tokens for that"
                      .formatted(EchoedInput.text(model)),
                  "invalid_model",
                  "model",
                  "1500"));
      case Admission.ParameterRefused(String parameter, String reason) ->
          ApiException.badRequest(
              new ErrorEnvelope(
                  parameter + ": " + reason, ErrorEnvelope.INVALID_REQUEST, parameter, null));
      case Admission.FormatRefused format -> FormatRefusals.of(format);
      case Admission.CompilersBusy() ->
          ApiException.unavailable(
              new ErrorEnvelope(
                  "Service tier capacity exceeded: too many schemas are being compiled.",
                  "capacity_exceeded"),
              RETRY_AFTER_SECONDS);
      case Admission.TenantCompilersBusy(int compilationsMax) ->
          ApiException.tooManyRequests(
              new ErrorEnvelope(
                  "Requests rate limit exceeded: %d of your schemas are being compiled already."
                      .formatted(compilationsMax),
                  "rate_limited"),
              RETRY_AFTER_SECONDS);
      case Admission.CompilationQueueFull(int waitingMax) ->
          ApiException.unavailable(
              new ErrorEnvelope(
                  "Service tier capacity exceeded: %d requests wait for their schemas already."
                      .formatted(waitingMax),
                  "capacity_exceeded"),
              RETRY_AFTER_SECONDS);
      case Admission.TenantCompilationQueueFull(int waitingMax) ->
          ApiException.tooManyRequests(
              new ErrorEnvelope(
                  "Requests rate limit exceeded: %d of your requests wait for their schemas already."
                      .formatted(waitingMax),
                  "rate_limited"),
              RETRY_AFTER_SECONDS);
      case Admission.InputBlocked(GuardrailReport report) ->
          new ApiException(HttpStatus.FORBIDDEN, GuardrailBody.of(report));
      case Admission.PoliciesUnknown() -> policiesUnknown();
      case Admission.PromptTooLong(int promptTokens, int contextTokens) ->
          ApiException.badRequest(
              new ErrorEnvelope(
                  "Prompt contains %d tokens, too large for model with %d maximum context length"
                      .formatted(promptTokens, contextTokens),
                  "context_length_exceeded",
                  "messages",
                  null));
      case Admission.QueueFull(int waitingMax) ->
          ApiException.unavailable(
              new ErrorEnvelope(
                  "Service tier capacity exceeded for this model: %d requests wait already."
                      .formatted(waitingMax),
                  "capacity_exceeded"),
              RETRY_AFTER_SECONDS);
      case Admission.TenantQueueFull(int waitingMax) ->
          ApiException.tooManyRequests(
              new ErrorEnvelope(
                  "Requests rate limit exceeded: %d of your requests wait already."
                      .formatted(waitingMax),
                  "rate_limited"),
              RETRY_AFTER_SECONDS);
      case Admission.Limited(Decision.Denied denied) -> LimitRefusals.of(denied);
      case Admission.TimedOut() ->
          new ApiException(
              HttpStatus.GATEWAY_TIMEOUT,
              new ErrorEnvelope("The request took too long", "request_timeout"));
      case Admission.Unavailable(String reason) ->
          ApiException.unavailable(
              new ErrorEnvelope("Service unavailable: " + reason + ".", "unavailable"),
              RETRY_AFTER_SECONDS);
      case Admission.BackendRefused(String reason) ->
          ApiException.badRequest(
              new ErrorEnvelope(reason, ErrorEnvelope.INVALID_REQUEST, null, null));
      case Admission.ShuttingDown() ->
          ApiException.unavailable(
              new ErrorEnvelope("The server is shutting down", "unavailable"), RETRY_AFTER_SECONDS);
    };
  }

  static ApiException policiesUnknown() {
    return ApiException.unavailable(
        new ErrorEnvelope("The policies can't be read, try again later", "unavailable"),
        RETRY_AFTER_SECONDS);
  }

  static ApiException modelNotAllowed(String model) {
    return new ApiException(
        HttpStatus.FORBIDDEN,
        new ErrorEnvelope(
            "This API key may not be used for the model " + EchoedInput.text(model),
            "model_not_allowed",
            "model",
            null));
  }

  static ApiException of(Ending.Failure failure, String requestId) {
    ErrorEnvelope envelope = envelope(failure, requestId);
    return switch (failure) {
      case ENGINE -> new ApiException(HttpStatus.INTERNAL_SERVER_ERROR, envelope);
      case LEDGER -> ApiException.unavailable(envelope, RETRY_AFTER_SECONDS);
      case TIMEOUT -> new ApiException(HttpStatus.GATEWAY_TIMEOUT, envelope);
    };
  }

  static ErrorEnvelope envelope(Ending.Failure failure, String requestId) {
    return switch (failure) {
      case ENGINE -> ErrorEnvelope.internal(requestId);
      case LEDGER ->
          new ErrorEnvelope(
              "Request " + requestId + " could not be settled, try again later", "unavailable");
      case TIMEOUT ->
          new ErrorEnvelope("Request " + requestId + " took too long", "request_timeout");
    };
  }
}

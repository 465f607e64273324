package io.galerne.api;

import io.galerne.limits.Decision;
import io.galerne.serving.EmbeddingOutcome;
import io.galerne.serving.GuardrailReport;
import org.springframework.http.HttpStatus;

/** What refused requests for embeddings are called on the wire. */
final class EmbeddingRefusals {
  private static final int RETRY_AFTER_SECONDS = 5;

  /** Too many tokens, as the contract's clients know it. */
  private static final String BATCH_TOO_LARGE = "3210";

  private EmbeddingRefusals() {}

  static ApiException of(EmbeddingOutcome.Refused refused) {
    return switch (refused) {
      case EmbeddingOutcome.UnknownModel(String model) ->
          ApiException.badRequest(ErrorEnvelope.unknownModel(model));
      case EmbeddingOutcome.ModelNotAllowed(String model) -> Refusals.modelNotAllowed(model);
      case EmbeddingOutcome.NotAnEmbeddingModel(String model) ->
          ApiException.badRequest(ErrorEnvelope.otherModel(model, "embeddings"));
      case EmbeddingOutcome.OtherDimensions(String field, long asked, int dimensions) ->
          ApiException.badRequest(
              ErrorEnvelope.unsupported(
                  field,
                  "the value %d, for a model whose vectors have %d dimensions,"
                      .formatted(asked, dimensions)));
      case EmbeddingOutcome.TextTooLong(int index, int tokens, int tokensMax) ->
          ApiException.badRequest(
              new ErrorEnvelope(
                  "input[%d] contains %d tokens, too large for model with %d maximum context length"
                      .formatted(index, tokens, tokensMax),
                  "context_length_exceeded",
                  "input",
                  null));
      case EmbeddingOutcome.TooManyTokens(int tokens, int tokensMax) ->
          ApiException.badRequest(
              new ErrorEnvelope(
                  "Too many tokens in batch. Max is %d got %d".formatted(tokensMax, tokens),
                  ErrorEnvelope.INVALID_REQUEST,
                  "input",
                  BATCH_TOO_LARGE));
      case EmbeddingOutcome.InputBlocked(GuardrailReport report) ->
          new ApiException(HttpStatus.FORBIDDEN, GuardrailBody.of(report));
      case EmbeddingOutcome.PoliciesUnknown() -> Refusals.policiesUnknown();
      case EmbeddingOutcome.PoolFull(int requestsMax) ->
          unavailable(
              "Service tier capacity exceeded for this model: %d requests are in progress already."
                  .formatted(requestsMax),
              "capacity_exceeded");
      case EmbeddingOutcome.ModelUnavailable() ->
          unavailable("The embedding model could not be loaded", "unavailable");
      case EmbeddingOutcome.Limited(Decision.Denied denied) -> LimitRefusals.of(denied);
      case EmbeddingOutcome.ShuttingDown() ->
          unavailable("The server is shutting down", "unavailable");
    };
  }

  private static ApiException unavailable(String message, String type) {
    return ApiException.unavailable(new ErrorEnvelope(message, type), RETRY_AFTER_SECONDS);
  }
}

package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The contract's body for every error that is not about the shape of the request.
 *
 * @param param the field at fault
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ErrorEnvelope(
    String object, String message, String type, @Nullable String param, @Nullable String code) {
  public static final String INVALID_REQUEST = "invalid_request_error";
  public static final String SERVER_ERROR = "server_error";

  public ErrorEnvelope(String message, String type) {
    this(message, type, null, null);
  }

  public ErrorEnvelope(String message, String type, @Nullable String param, @Nullable String code) {
    this("error", message, type, param, code);
  }

  static ErrorEnvelope unknownModel(String model) {
    return new ErrorEnvelope(
        "Invalid model: " + EchoedInput.text(model), "invalid_model", null, "1500");
  }

  /** For a model that exists and does something else. */
  static ErrorEnvelope otherModel(String model, String use) {
    return new ErrorEnvelope(
        "Invalid model: %s is not a model for %s".formatted(EchoedInput.text(model), use),
        "invalid_model",
        "model",
        "1500");
  }

  static ErrorEnvelope unsupported(String field, String what) {
    return new ErrorEnvelope(
        field + ": " + what + " is not supported by this version",
        "unsupported_parameter",
        field,
        null);
  }

  /** For a mode of answering that models don't have. */
  static ErrorEnvelope notOfThisModel(String field, String message) {
    return new ErrorEnvelope(message, "invalid_request_invalid_args", field, "3051");
  }

  /** For a schema that can't be enforced; {@code code} says what kind of reason it is. */
  static ErrorEnvelope invalidSchema(String message, String param, String code) {
    return new ErrorEnvelope(message, "invalid_request_schema", param, code);
  }

  public static ErrorEnvelope internal(String requestId) {
    return new ErrorEnvelope("Internal error, request " + requestId, SERVER_ERROR);
  }
}

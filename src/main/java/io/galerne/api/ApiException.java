package io.galerne.api;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** An answer that is an error of the contract: a status and one of its bodies. */
public final class ApiException extends RuntimeException {
  private final HttpStatus status;
  private final transient Object body;
  private final HttpHeaders headers;

  public ApiException(HttpStatus status, Object body) {
    this(status, body, HttpHeaders.EMPTY);
  }

  public ApiException(HttpStatus status, Object body, HttpHeaders headers) {
    super(status + " " + body, null, false, false);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }

  public static ApiException badRequest(ErrorEnvelope envelope) {
    return new ApiException(HttpStatus.BAD_REQUEST, envelope);
  }

  /** For a body that is not JSON, or that no reader could hold. */
  static ApiException malformed(long position, String error) {
    return badRequest(
        new ErrorEnvelope(
            "The request body is not valid JSON: %s (byte %d)"
                .formatted(EchoedInput.text(error), position),
            ErrorEnvelope.INVALID_REQUEST,
            null,
            "json_invalid"));
  }

  /**
   * @param allowed methods, as the header lists them
   */
  static ApiException methodNotAllowed(String method, String allowed) {
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.ALLOW, allowed);
    return new ApiException(
        HttpStatus.METHOD_NOT_ALLOWED,
        new ErrorEnvelope(
            "%s is not allowed here, %s is".formatted(EchoedInput.text(method), allowed),
            "method_not_allowed"),
        headers);
  }

  HttpStatus status() {
    return status;
  }

  Object body() {
    return body;
  }

  public static ApiException unavailable(ErrorEnvelope envelope, int retryAfterSeconds) {
    return retryLater(HttpStatus.SERVICE_UNAVAILABLE, envelope, retryAfterSeconds);
  }

  public static ApiException tooManyRequests(ErrorEnvelope envelope, int retryAfterSeconds) {
    return retryLater(HttpStatus.TOO_MANY_REQUESTS, envelope, retryAfterSeconds);
  }

  private static ApiException retryLater(
      HttpStatus status, ErrorEnvelope envelope, int retryAfterSeconds) {
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.RETRY_AFTER, Integer.toString(retryAfterSeconds));
    return new ApiException(status, envelope, headers);
  }

  /** The content type is set, so that the client's Accept header has no say. */
  public ResponseEntity<Object> response() {
    return ResponseEntity.status(status)
        .headers(headers)
        .contentType(MediaType.APPLICATION_JSON)
        .body(body);
  }
}

package io.galerne.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The short answers that clients get from before the API itself, as from la Plateforme's gateway.
 */
@Component
class GatewayResponses {
  private final JsonMapper json;

  GatewayResponses(JsonMapper json) {
    this.json = json;
  }

  private record Body(String message, @JsonProperty("request_id") String requestId) {}

  /** The same whatever is wrong with the key: a refusal must not help to guess. */
  void unauthorized(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    write(request, response, HttpStatus.UNAUTHORIZED);
  }

  void forbidden(HttpServletRequest request, HttpServletResponse response) throws IOException {
    write(request, response, HttpStatus.FORBIDDEN);
  }

  /** For a good key of a tenant that is suspended. */
  void suspended(HttpServletResponse response) throws IOException {
    refuse(response, "organization_suspended", "The organization is suspended");
  }

  void addressNotAllowed(HttpServletResponse response) throws IOException {
    refuse(response, "address_not_allowed", "This API key may not be used from this address");
  }

  void endpointNotAllowed(HttpServletResponse response) throws IOException {
    refuse(response, "endpoint_not_allowed", "This API key may not be used for this endpoint");
  }

  private record Refusal(
      String object, String message, String type, @Nullable String param, @Nullable String code) {}

  private void refuse(HttpServletResponse response, String type, String message)
      throws IOException {
    write(response, HttpStatus.FORBIDDEN, new Refusal("error", message, type, null, null));
  }

  void unavailable(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.setHeader(HttpHeaders.RETRY_AFTER, "1");
    write(request, response, HttpStatus.SERVICE_UNAVAILABLE);
  }

  private void write(HttpServletRequest request, HttpServletResponse response, HttpStatus status)
      throws IOException {
    write(response, status, new Body(status.getReasonPhrase(), RequestIds.of(request)));
  }

  private void write(HttpServletResponse response, HttpStatus status, Object answer)
      throws IOException {
    byte[] body = json.writeValueAsBytes(answer);
    response.setStatus(status.value());
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}

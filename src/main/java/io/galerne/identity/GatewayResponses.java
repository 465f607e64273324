package io.galerne.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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

  void unavailable(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.setHeader(HttpHeaders.RETRY_AFTER, "1");
    write(request, response, HttpStatus.SERVICE_UNAVAILABLE);
  }

  private void write(HttpServletRequest request, HttpServletResponse response, HttpStatus status)
      throws IOException {
    byte[] body =
        json.writeValueAsBytes(new Body(status.getReasonPhrase(), RequestIds.of(request)));
    response.setStatus(status.value());
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}

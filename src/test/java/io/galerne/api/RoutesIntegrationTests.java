package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

/** Paths, methods and types of content that no controller takes. */
class RoutesIntegrationTests extends ApiIntegrationTest {
  private static final String USER = "{\"role\":\"user\",\"content\":\"two words\"}";

  private static String withMessages(String messages) {
    return "{\"model\":\"tiny\",\"messages\":[" + messages + "]}";
  }

  @Test
  void errorsIgnoreTheAcceptHeaderToo() {
    client()
        .post()
        .uri("/v1/chat/completions")
        .header(HttpHeaders.ACCEPT, "text/event-stream")
        .contentType(MediaType.APPLICATION_JSON)
        .body("{")
        .exchange()
        .expectStatus()
        .isEqualTo(400)
        .expectHeader()
        .contentType(MediaType.APPLICATION_JSON);
  }

  @Test
  void bodiesMustBeDeclaredAsJson() {
    client()
        .post()
        .uri("/v1/chat/completions")
        .contentType(MediaType.APPLICATION_FORM_URLENCODED)
        .body(withMessages(USER))
        .exchange()
        .expectStatus()
        .isEqualTo(415)
        .expectBody()
        .jsonPath("$.type")
        .isEqualTo("unsupported_media_type");
    client()
        .post()
        .uri("/v1/chat/completions")
        .header(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
        .body(withMessages(USER))
        .exchange()
        .expectStatus()
        .isOk();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/chat/completions, POST",
    "DELETE, /v1/chat/completions, POST",
    "POST, /v1/models, GET",
    "PUT, /v1/models, GET",
    "PUT, /v1/models/tiny, 'GET, DELETE'",
    "PUT, /v1/embeddings, POST"
  })
  void anotherMethodIsNotAllowed(String method, String path, String allowed) {
    client()
        .method(HttpMethod.valueOf(method))
        .uri(path)
        .exchange()
        .expectStatus()
        .isEqualTo(405)
        .expectHeader()
        .valueEquals(HttpHeaders.ALLOW, allowed)
        .expectBody()
        .jsonPath("$.type")
        .isEqualTo("method_not_allowed");
  }

  @ParameterizedTest
  @CsvSource({"/v1/nothing", "/v1", "/v1/", "/v1/chat", "/v1/models/a/b", "/v1/chat/completions/"})
  void anUnknownRouteIsTheGatewaysNotFound(String path) {
    String answer = bodyOf(client().get().uri(path).exchange().expectStatus().isNotFound());
    assertThat(answer)
        .matches(
            "\\{\"message\":\"no Route matched with those"
                + " values\",\"request_id\":\"[0-9a-f]{32}\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/models//x",
    "/v1/models/;a=b",
    "/v1/models/a%00b",
    "/v1/models/a%2Fb",
    "/v1/models/%zz"
  })
  void aPathThatIsRefusedBeforeRoutingIsAnsweredInTheEnvelope(String path) throws Exception {
    try (RawHttp http = RawHttp.request(port, "GET " + path + " HTTP/1.1")) {
      String answer = http.awaitText("}");
      assertThat(answer)
          .startsWith("HTTP/1.1 400")
          .contains("application/json", "{\"object\":\"error\"")
          .doesNotContain("timestamp", "\"path\"");
    }
  }

  @Test
  void aCompressedBodyIsRefused() {
    client()
        .post()
        .uri("/v1/chat/completions")
        .contentType(MediaType.APPLICATION_JSON)
        .header(HttpHeaders.CONTENT_ENCODING, "gzip")
        .body(withMessages(USER))
        .exchange()
        .expectStatus()
        .isEqualTo(415)
        .expectHeader()
        .valueEquals(HttpHeaders.ACCEPT_ENCODING, "identity");
  }
}

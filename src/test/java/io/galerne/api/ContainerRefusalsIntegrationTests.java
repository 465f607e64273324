package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the web server refuses by itself speaks the API's language and doesn't tell who it is. */
class ContainerRefusalsIntegrationTests extends ApiIntegrationTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          HELLO                                                         | 400
          GET /v1/models HTTP/9.9                                       | 505
          GET v1/models HTTP/1.1                                        | 400
          GET /v1/mod<els HTTP/1.1                                      | 400
          GET /v1/%zz HTTP/1.1                                          | 400
          G(ET /v1/models HTTP/1.1                                      | 400
          GET /v1/models HTTP/1.1~Host: another                         | 400
          GET /v1/models HTTP/1.1~X Y: z                                | 400
          TRACE /v1/models HTTP/1.1                                     | 405
          POST /v1/chat/completions HTTP/1.1~Transfer-Encoding: gzip    | 501
          POST /v1/chat/completions HTTP/1.1~Content-Length: -1         | 400
          """)
  void aRequestThatIsNoneIsAnsweredInTheEnvelope(String head, int status) throws Exception {
    assertRefused(head.replace("~", "\r\n") + "\r\nHost: localhost\r\n\r\n", status);
  }

  @Test
  void sizesOfTheHeadAreBounded() throws Exception {
    assertRefused(
        "GET /v1/models?" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414);
    assertRefused(
        "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX-Big: " + "a".repeat(20_000) + "\r\n\r\n",
        431);
    assertRefused(
        "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n" + "X-Many: 1\r\n".repeat(3_000) + "\r\n",
        431);
    try (RawHttp http =
        RawHttp.only(
            port,
            "GET /v1/models?" + "a".repeat(12_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      assertThat(http.awaitEnd()).startsWith("HTTP/1.1 200");
    }
  }

  private void assertRefused(String request, int status) throws Exception {
    try (RawHttp http = RawHttp.only(port, request)) {
      String answer = http.awaitEnd();
      assertThat(answer)
          .startsWith("HTTP/1.1 " + status)
          .contains("Content-Type: application/json")
          .contains("{\"object\":\"error\"")
          .containsPattern("x-request-id: [0-9a-f]{32}")
          .containsPattern("mistral-correlation-id: [0-9a-f]{32}")
          .doesNotContainIgnoringCase("tomcat")
          .doesNotContainIgnoringCase("<html");
    }
  }
}

package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests whose end two readers could see in different places. Behind a proxy that sees the later
 * one, a server that sees the earlier takes the rest for somebody's next request; so none may be
 * answered twice.
 */
class RequestSmugglingIntegrationTests extends ApiIntegrationTest {
  private static final String SMUGGLED =
      "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX-Smuggled: 1\r\n\r\n";
  private static final String POST = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n";
  private static final String CHUNKED_END = "0\r\n\r\n" + SMUGGLED;
  private static final int LENGTH = CHUNKED_END.length();

  static Stream<String> probes() {
    String length = "Content-Length: " + LENGTH;
    List<String> transferEncodings =
        List.of(
            "Transfer-Encoding: chunked",
            "transfer-encoding: CHUNKED",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding: chunked, ",
            "Transfer-Encoding: ,chunked",
            "Transfer-Encoding:\tchunked",
            "Transfer-Encoding:\u000bchunked",
            "Transfer-Encoding: chunked\r\n\tx",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding\t: chunked",
            "Transfer_Encoding: chunked",
            "X: y\nTransfer-Encoding: chunked",
            "X: y\rTransfer-Encoding: chunked",
            " Transfer-Encoding: chunked",
            "Transfer-Encoding: chunked;a=b");
    Stream<String> both =
        transferEncodings.stream()
            .flatMap(coding -> Stream.of(length + "\r\n" + coding, coding + "\r\n" + length))
            .map(headers -> POST + headers + "\r\n\r\n" + CHUNKED_END);
    Stream<String> lengths =
        Stream.of(
                "Content-Length: 0\r\nContent-Length: " + SMUGGLED.length(),
                "Content-Length: " + SMUGGLED.length() + "\r\nContent-Length: 0",
                "Content-Length: 0, " + SMUGGLED.length(),
                "Content-Length: +" + SMUGGLED.length(),
                "Content-Length: -" + SMUGGLED.length(),
                "Content-Length: 0x" + Integer.toHexString(SMUGGLED.length()),
                "Content-Length: 1e2",
                "Content-Length : " + SMUGGLED.length(),
                "Content-Length: 99999999999999999999",
                "Content-Length:\u00a00",
                "X: y\nContent-Length: " + SMUGGLED.length())
            .map(headers -> POST + headers + "\r\n\r\n" + SMUGGLED);
    Stream<String> chunks =
        Stream.of(
                "0\n\n",
                "0\r\nX: y\n\r\n",
                "+0\r\n\r\n",
                "-1\r\n\r\n",
                "0x0\r\n\r\n",
                "00000000000000000\r\n\r\n",
                "ffffffffffffffff\r\n\r\n",
                "0 \n\r\n",
                "1\r\nAB\r\n0\r\n\r\n")
            .map(body -> POST + "Transfer-Encoding: chunked\r\n\r\n" + body + SMUGGLED);
    return Stream.of(both, lengths, chunks).flatMap(probe -> probe);
  }

  @ParameterizedTest
  @MethodSource("probes")
  void noneIsAnsweredTwice(String probe) throws Exception {
    assertThat(answers(probe)).isLessThanOrEqualTo(1);
  }

  /** The control: two requests that are two are answered twice. */
  @Test
  void twoRequestsAreTwo() throws Exception {
    assertThat(answers(SMUGGLED + SMUGGLED)).isEqualTo(2);
  }

  private int answers(String bytes) throws Exception {
    try (RawHttp http = RawHttp.only(port, bytes)) {
      return http.awaitEnd().split("HTTP/1\\.1 [0-9]{3}", -1).length - 1;
    }
  }
}

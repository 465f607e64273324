package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.TestPropertySource;

/** Clients that send a byte now and then, so that no silence gives them away. */
@TestPropertySource(
    properties = {
      "galerne.api.strict=true",
      "galerne.api.body-max=4KB",
      "galerne.api.body-time-max=1s",
      "galerne.api.head-time-max=1s"
    })
class SlowClientsIntegrationTests extends ApiIntegrationTest {
  private static final int DRIPS = 50;

  @Test
  void headersThatNeverEndAreCutOff() throws Exception {
    try (RawHttp http = RawHttp.partial(port, "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n")) {
      long start = System.nanoTime();
      Thread dripping = drip(http, "X-Slow: 1\r\n");
      assertThat(http.awaitEnd()).doesNotContain("HTTP/1.1 200");
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(8));
      dripping.join();
    }
  }

  @Test
  void aBodyThatNeverEndsIsAnswered() throws Exception {
    try (RawHttp http = RawHttp.openChunked(port)) {
      Thread dripping = drip(http, "1\r\n \r\n");
      assertThat(http.awaitText("}"))
          .startsWith("HTTP/1.1 408")
          .contains("request_timeout", "x-request-id");
      dripping.join();
    }
  }

  /** The container reads on after a refusal, so that the client gets to see it. */
  @ParameterizedTest
  @CsvSource({"/v1/chat/completions, 408", "/v1/nothing, 404"})
  void aRefusedBodyThatGoesOnIsCutOff(String path, String status) throws Exception {
    String head = "POST %s HTTP/1.1\r\nHost: localhost\r\n".formatted(path);
    String body = "Content-Type: application/json\r\nContent-Length: 4000\r\n\r\n{";
    try (RawHttp http = RawHttp.partial(port, head + body)) {
      long start = System.nanoTime();
      Thread dripping = drip(http, " ");
      assertThat(http.awaitEnd()).startsWith("HTTP/1.1 " + status);
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(8));
      dripping.join();
    }
  }

  /** The control: what is slow but ends in time is served, and so is the next on the connection. */
  @Test
  void aRequestInPiecesIsServed() throws Exception {
    try (RawHttp http = RawHttp.partial(port, "GET /v1/models HT")) {
      pause();
      http.send("TP/1.1\r\nHost: localhost\r\n");
      pause();
      http.send("\r\n");
      assertThat(http.awaitText("\"object\":\"list\"")).startsWith("HTTP/1.1 200");
    }
  }

  private static Thread drip(RawHttp http, String drop) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                for (int i = 0; i < DRIPS; i++) {
                  http.send(drop);
                  pause();
                }
              } catch (SocketException e) {
                // cut off, as it should be
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private static void pause() throws InterruptedException {
    assertThat(new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS)).isFalse();
  }
}

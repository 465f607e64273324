package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.FinishReason;
import io.galerne.engine.GenerationEvent;
import io.galerne.metering.TokenCounts;
import io.galerne.metering.UsageRecord.Outcome;
import io.galerne.serving.ScriptedGeneration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that leave before an answer in one body is whole. */
class HangUpIntegrationTests extends ApiIntegrationTest {
  private static final String HI =
      "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi you\"}]}";

  @Test
  void whileThePromptIsReadEndsTheWork() throws Exception {
    ScriptedGeneration silent = engine.answer(new ScriptedGeneration());
    RawHttp http = RawHttp.post(port, HI);
    awaitRequest();
    http.close();
    silent.awaitCancelled();
    assertDisconnected();
  }

  @Test
  void whileTheAnswerIsMadeEndsTheWork() throws Exception {
    ScriptedGeneration endless = engine.answer(ScriptedGeneration.endless("more "));
    RawHttp http = RawHttp.post(port, HI);
    awaitRequest();
    http.close();
    endless.awaitCancelled();
    assertDisconnected();
  }

  /** The control: who waits is answered, and a request that was sent ahead is not lost. */
  @Test
  void patienceIsRewarded() throws Exception {
    ScriptedGeneration slow = engine.answer(new ScriptedGeneration());
    try (RawHttp http = RawHttp.post(port, HI)) {
      awaitRequest();
      http.send("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n");
      pause();
      slow.emit(new GenerationEvent.Text("Bonjour", 1));
      pause();
      slow.emit(new GenerationEvent.Finished(FinishReason.STOP, 2, 1));
      assertThat(http.awaitText("\"object\":\"list\"")).contains("Bonjour");
    }
    assertThat(slow.isCancelled()).isFalse();
    assertThat(ledger.only().outcome()).isEqualTo(Outcome.STOP);
  }

  /** Whoever sends an Idempotency-Key may ask again for the answer, so it is made. */
  @Test
  void anAnswerThatIsKeptIsMadeAnyway() throws Exception {
    ScriptedGeneration slow = engine.answer(new ScriptedGeneration());
    RawHttp http =
        RawHttp.partial(
            port,
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: k\r\n"
                + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(HI.length(), HI));
    awaitRequest();
    http.close();
    pause();
    slow.emit(new GenerationEvent.Text("Bonjour", 1));
    slow.emit(new GenerationEvent.Finished(FinishReason.STOP, 2, 1));
    assertThat(ledger.only().outcome()).isEqualTo(Outcome.STOP);
  }

  private void assertDisconnected() throws InterruptedException {
    assertThat(ledger.only())
        .satisfies(
            usage -> {
              assertThat(usage.outcome()).isEqualTo(Outcome.DISCONNECTED);
              assertThat(usage.tokens()).isEqualTo(new TokenCounts(2, 0, 0));
            });
  }

  private void awaitRequest() throws InterruptedException {
    engine.awaitRequests(1);
  }

  /** Longer than it takes to look whether the client is there. */
  private static void pause() throws InterruptedException {
    assertThat(new CountDownLatch(1).await(700, TimeUnit.MILLISECONDS)).isFalse();
  }
}

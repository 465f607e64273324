package io.galerne.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.catalog.Catalogs;
import io.galerne.engine.FinishReason;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.Submission;
import io.galerne.engine.template.ChatMessage;
import io.galerne.identity.Caller;
import io.galerne.limits.AdmissionControl;
import io.galerne.metering.UsageRecord.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompletionServiceTests {
  private static final Caller CALLER =
      new Caller(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());

  private final UUID requestId = UUID.randomUUID();
  private final ScriptedEngine engine = new ScriptedEngine();
  private final RecordingLedger ledger = new RecordingLedger();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private CompletionService service(Duration requestTimeMax) {
    return new CompletionService(
        Catalogs.of(engine.profile()),
        new EngineRegistry(Map.of("w", engine)),
        ledger,
        AdmissionControl.OPEN,
        meters,
        ServingBounds.of(requestTimeMax, Duration.ofMillis(20)));
  }

  private Admission admit(CompletionRequest request) {
    return service(Duration.ofMinutes(1)).admit(request, CALLER, requestId);
  }

  private Completion admitted(CompletionRequest request) {
    return ((Admission.Admitted) admit(request)).completion();
  }

  private static CompletionRequest request(@Nullable Integer maxTokens) {
    return request("two words", maxTokens);
  }

  private static CompletionRequest request(String text, @Nullable Integer maxTokens) {
    return ChatRequests.of("tiny", List.of(new ChatMessage("user", text)), maxTokens);
  }

  private static Ending finished(FinishReason reason, int promptTokens, int completionTokens) {
    return new Ending.Finished(reason, promptTokens, 0, completionTokens, List.of());
  }

  /** Accepts so many texts, then fails like a closed connection. */
  private static final class Client implements AnswerSink {
    private final List<String> heard = new ArrayList<>();
    private final int textsMax;
    private int idles;

    Client(int textsMax) {
      this.textsMax = textsMax;
    }

    @Override
    public void open() {}

    @Override
    public void text(AnswerPiece piece) throws IOException {
      if (heard.size() == textsMax) {
        throw new IOException("gone");
      }
      heard.add(piece.text());
    }

    @Override
    public void idle() throws IOException {
      if (++idles == 3) {
        throw new IOException("gone while waiting");
      }
    }
  }

  @Test
  void streamedAndCollectedAnswersAreTheSame() throws Exception {
    Client client = new Client(10);
    Ending streamed = admitted(request(null)).stream(client);
    assertThat(ledger.only().completionTokens()).isEqualTo(3);

    Answer collected = admitted(request(null)).collect();

    assertThat(collected.text()).isEqualTo(String.join("", client.heard));
    assertThat(collected.ending()).isEqualTo(streamed);
    assertThat(streamed).isEqualTo(finished(FinishReason.STOP, 2, 3));
  }

  @Test
  void settlesOnceBeforeItReturnsWithWhatTheClientSees() throws Exception {
    admitted(request(2)).collect();

    assertThat(ledger.only())
        .satisfies(
            usage -> {
              assertThat(usage.requestId()).isEqualTo(requestId);
              assertThat(usage.caller()).isEqualTo(CALLER);
              assertThat(usage.model()).isEqualTo("tiny");
              assertThat(usage.weightsDigest()).isEqualTo(ScriptedEngine.DIGEST);
              assertThat(usage.promptTokens()).isEqualTo(2);
              assertThat(usage.completionTokens()).isEqualTo(2);
              assertThat(usage.outcome()).isEqualTo(Outcome.LENGTH);
              assertThat(usage.endedAt()).isAfterOrEqualTo(usage.startedAt());
            });
    assertThat(meters.get("galerne.tokens").tag("kind", "completion").counter().count())
        .isEqualTo(2);
    assertThat(
            meters
                .get("galerne.requests")
                .tags("model", "small", "outcome", "length")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void aClientThatLeavesIsChargedForWhatItGot() throws Exception {
    ScriptedGeneration generation = engine.answer(ScriptedGeneration.endless("word "));

    Ending ending = admitted(request(null)).stream(new Client(5));

    assertThat(ending).isEqualTo(new Ending.Disconnected());
    assertThat(generation.isCancelled()).isTrue();
    assertThat(ledger.only())
        .satisfies(
            usage -> {
              assertThat(usage.outcome()).isEqualTo(Outcome.DISCONNECTED);
              assertThat(usage.completionTokens()).isEqualTo(5);
            });
  }

  @Test
  void aClientThatLeavesDuringTheWaitIsNoticedByTheHeartbeat() throws Exception {
    ScriptedGeneration generation = engine.answer(new ScriptedGeneration());

    Ending ending = admitted(request(null)).stream(new Client(5));

    assertThat(ending).isEqualTo(new Ending.Disconnected());
    assertThat(generation.isCancelled()).isTrue();
    assertThat(ledger.only().completionTokens()).isZero();
  }

  @Test
  void anEngineThatFailsIsSettledAsAnError() throws Exception {
    engine.answer(
        new GenerationEvent.Text("Bon", 1), new GenerationEvent.Finished(FinishReason.ERROR, 2, 1));

    assertThat(admitted(request(null)).stream(new Client(5)))
        .isEqualTo(new Ending.Failed(Ending.Failure.ENGINE));
    assertThat(ledger.only())
        .satisfies(
            usage -> {
              assertThat(usage.outcome()).isEqualTo(Outcome.ERROR);
              assertThat(usage.completionTokens()).isEqualTo(1);
            });

    assertThat(admitted(request(null)).collect().ending())
        .isEqualTo(new Ending.Failed(Ending.Failure.ENGINE));
    assertThat(ledger.only().completionTokens()).as("a collected answer never arrived").isZero();
  }

  @Test
  void aRequestThatTakesTooLongIsEnded() throws Exception {
    ScriptedGeneration generation = engine.answer(ScriptedGeneration.endless("word "));
    Admission admission = service(Duration.ofMillis(50)).admit(request(null), CALLER, requestId);

    Answer answer = ((Admission.Admitted) admission).completion().collect();

    assertThat(answer.ending()).isEqualTo(new Ending.Failed(Ending.Failure.TIMEOUT));
    assertThat(generation.isCancelled()).isTrue();
    assertThat(ledger.only().outcome()).isEqualTo(Outcome.ERROR);
  }

  @Test
  void aLedgerThatFailsFailsTheRequest() {
    ledger.breakDown();

    assertThat(admitted(request(null)).collect().ending())
        .isEqualTo(new Ending.Failed(Ending.Failure.LEDGER));
  }

  @Test
  void anInterruptedReaderStillSettles() throws Exception {
    ScriptedGeneration generation = engine.answer(new ScriptedGeneration());
    Completion completion = admitted(request(null));
    Thread.currentThread().interrupt();

    Answer answer = completion.collect();

    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    assertThat(answer.ending()).isEqualTo(new Ending.Failed(Ending.Failure.ENGINE));
    assertThat(generation.isCancelled()).isTrue();
    assertThat(ledger.only().outcome()).isEqualTo(Outcome.ERROR);
  }

  @Test
  void withoutABoundTheContextWindowIsTheBound() throws Exception {
    int room = ScriptedEngine.CONTEXT_TOKENS - 2;
    engine.answer(new GenerationEvent.Finished(FinishReason.LENGTH, 2, room));

    Answer unbounded = admitted(request(null)).collect();
    assertThat(engine.lastRequest().sampling().maxTokens()).isEqualTo(room);
    assertThat(unbounded.ending()).isEqualTo(finished(FinishReason.CONTEXT_FULL, 2, room));
    ledger.only();

    Answer bounded = admitted(request(room)).collect();
    assertThat(bounded.ending()).isEqualTo(finished(FinishReason.LENGTH, 2, room));
  }

  @Test
  void zeroTokensAreAnAnswerOfNone() throws Exception {
    Answer answer = admitted(request(0)).collect();

    assertThat(answer).isEqualTo(new Answer("", finished(FinishReason.LENGTH, 2, 0)));
    assertThat(ledger.only().promptTokens()).isEqualTo(2);
  }

  @Test
  void takesTheTemperatureOfTheCardAndTheSeedOfTheRequest() {
    admitted(request(1)).collect();

    assertThat(engine.lastRequest().sampling().temperature()).isEqualTo(0.3f);
    assertThat(engine.lastRequest().sampling().seed()).isEqualTo(7);
  }

  @Test
  void refusalsLeaveNoLine() {
    assertThat(admit(request("word ".repeat(64) + "end", null)))
        .isEqualTo(new Admission.PromptTooLong(65, 64));
    assertThat(admit(request("refuse-me", null)))
        .isEqualTo(new Admission.ConversationRefused("this conversation is refused"));
    engine.script(_ -> new Submission.QueueFull(9));
    assertThat(admit(request(null))).isEqualTo(new Admission.QueueFull(9));
    engine.script(_ -> new Submission.ShareFull(4));
    assertThat(admit(request(null))).isEqualTo(new Admission.TenantQueueFull(4));
    engine.script(_ -> new Submission.Closed());
    assertThat(admit(request(null))).isEqualTo(new Admission.ShuttingDown());
    assertThat(admit(ChatRequests.of("nope", List.of(), null)))
        .isEqualTo(new Admission.UnknownModel("nope"));

    assertThat(ledger.records()).isEmpty();
    assertThat(meters.get("galerne.requests").tag("outcome", "queue_full").counter().count())
        .isEqualTo(1);
  }
}

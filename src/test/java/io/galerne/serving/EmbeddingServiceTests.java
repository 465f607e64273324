package io.galerne.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.catalog.Catalogs;
import io.galerne.embedding.EmbeddingException;
import io.galerne.embedding.EmbeddingPool;
import io.galerne.embedding.ScriptedEmbedding;
import io.galerne.identity.Caller;
import io.galerne.limits.AdmissionControl;
import io.galerne.metering.UsageRecord.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EmbeddingServiceTests {
  private static final Caller CALLER =
      new Caller(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
  private static final int TOKENS_MAX = 100;
  private static final Duration LONG = Duration.ofSeconds(30);

  private final UUID requestId = UUID.randomUUID();
  private final ScriptedEmbedding model = new ScriptedEmbedding();
  private final EmbeddingPool pool = new EmbeddingPool(() -> model, 1, 1);
  private final RecordingLedger ledger = new RecordingLedger();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    pool.close();
  }

  private EmbeddingOutcome embed(EmbeddingRequest request) {
    return embed(request, pool, LONG);
  }

  private EmbeddingOutcome embed(
      EmbeddingRequest request, EmbeddingPool usedPool, Duration timeMax) {
    return new EmbeddingService(
            Catalogs.of(new ScriptedEngine().profile()),
            usedPool,
            ledger,
            AdmissionControl.OPEN,
            meters,
            new EmbeddingProperties(1, 1, TOKENS_MAX),
            ServingBounds.of(timeMax, Duration.ofMillis(20)))
        .embed(request, CALLER, requestId);
  }

  private static EmbeddingRequest request(String... texts) {
    return new EmbeddingRequest("vectors", List.of(texts), Map.of());
  }

  private static String words(int count) {
    return String.join(" ", Collections.nCopies(count, "word"));
  }

  private double requests(String outcome) {
    return meters.counter("galerne.requests", "model", "embed", "outcome", outcome).count();
  }

  @Test
  void embedsInOrderAndWritesOneLine() throws InterruptedException {
    EmbeddingOutcome outcome = embed(request("one", "two words", "three words here"));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            EmbeddingOutcome.Embedded.class,
            embedded -> {
              assertThat(embedded.promptTokens()).isEqualTo(6);
              assertThat(embedded.vectors()).extracting(v -> v[1]).containsExactly(0.8f, 0f, 0f);
              assertThat(embedded.vectors()).extracting(v -> v[3]).containsExactly(0f, -0.6f, 0.8f);
            });
    assertThat(ledger.only())
        .satisfies(
            line -> {
              assertThat(line.requestId()).isEqualTo(requestId);
              assertThat(line.caller()).isEqualTo(CALLER);
              assertThat(line.model()).isEqualTo("vectors");
              assertThat(line.weightsDigest()).isEqualTo(ScriptedEmbedding.PROFILE.digest());
              assertThat(line.promptTokens()).isEqualTo(6);
              assertThat(line.completionTokens()).isZero();
              assertThat(line.outcome()).isEqualTo(Outcome.STOP);
            });
    assertThat(requests("stop")).isEqualTo(1);
    assertThat(meters.counter("galerne.tokens", "model", "embed", "kind", "prompt").count())
        .isEqualTo(6);
    assertThat(meters.get("galerne.embedding.time").timer().count()).isEqualTo(1);
  }

  @Test
  void takesTextsAtTheirBoundsAndNotOnePast() {
    assertThat(embed(request(words(64)))).isInstanceOf(EmbeddingOutcome.Embedded.class);
    assertThat(embed(request("short", words(65))))
        .isEqualTo(new EmbeddingOutcome.TextTooLong(1, 65, 64));
    assertThat(embed(request(words(50), words(50)))).isInstanceOf(EmbeddingOutcome.Embedded.class);
    assertThat(embed(request(words(50), words(51))))
        .isEqualTo(new EmbeddingOutcome.TooManyTokens(101, TOKENS_MAX));
    assertThat(ledger.records()).hasSize(2);
    assertThat(requests("text_too_long")).isEqualTo(1);
    assertThat(requests("too_many_tokens")).isEqualTo(1);
  }

  @Test
  void refusesOtherModelsAndOtherDimensions() {
    assertThat(embed(new EmbeddingRequest("none", List.of("a"), Map.of())))
        .isEqualTo(new EmbeddingOutcome.UnknownModel("none"));
    assertThat(embed(new EmbeddingRequest("tiny", List.of("a"), Map.of())))
        .isEqualTo(new EmbeddingOutcome.NotAnEmbeddingModel("tiny"));
    assertThat(embed(new EmbeddingRequest("embed", List.of("a"), Map.of("dimensions", 8L))))
        .isEqualTo(new EmbeddingOutcome.OtherDimensions("dimensions", 8, 16));
    assertThat(embed(new EmbeddingRequest("embed", List.of("a"), Map.of("dimensions", 16L))))
        .isInstanceOf(EmbeddingOutcome.Embedded.class);
    assertThat(ledger.records()).hasSize(1);
  }

  @Test
  void aFailureIsSettledAndGivesNoVectors() throws InterruptedException {
    Supplier<float[]> failure =
        () -> {
          throw new EmbeddingException("planned");
        };
    model.script(vector -> vector[3] == 0 ? vector : failure.get());

    assertThat(embed(request("one", "three words here")))
        .isEqualTo(new EmbeddingOutcome.Failed(Ending.Failure.ENGINE));
    assertThat(ledger.only().outcome()).isEqualTo(Outcome.ERROR);
    assertThat(requests("error")).isEqualTo(1);
  }

  @Test
  void aRequestThatTakesTooLongIsEnded() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    model.waitFor(gate);

    assertThat(embed(request("one"), pool, Duration.ofMillis(200)))
        .isEqualTo(new EmbeddingOutcome.Failed(Ending.Failure.TIMEOUT));
    gate.countDown();
    assertThat(ledger.only().outcome()).isEqualTo(Outcome.ERROR);
  }

  @Test
  void noUsageIsToldThatIsNotInTheLedger() {
    ledger.breakDown();

    assertThat(embed(request("one"))).isEqualTo(new EmbeddingOutcome.Failed(Ending.Failure.LEDGER));
  }

  @Test
  void refusesWhatThePoolCannotTake() {
    EmbeddingPool.Turn taken = pool.take(LONG);
    assertThat(embed(request("one"))).isEqualTo(new EmbeddingOutcome.PoolFull(1));
    assertThat(requests("queue_full")).isEqualTo(1);
    ((EmbeddingPool.Turn.Taken) taken).job().close();
    assertThat(embed(request("one"))).isInstanceOf(EmbeddingOutcome.Embedded.class);

    pool.close();
    assertThat(embed(request("one"))).isEqualTo(new EmbeddingOutcome.ShuttingDown());
    assertThat(ledger.records()).hasSize(1);
  }

  @Test
  void refusesWhileTheModelCannotBeLoaded() {
    try (EmbeddingPool broken =
        new EmbeddingPool(
            () -> {
              throw new EmbeddingException("no space left");
            },
            1,
            1)) {
      assertThat(embed(request("one"), broken, LONG))
          .isEqualTo(new EmbeddingOutcome.ModelUnavailable());
    }
    assertThat(ledger.records()).isEmpty();
    assertThat(requests("model_unavailable")).isEqualTo(1);
  }

  @Test
  void aChatWithAnEmbeddingModelIsRefused() {
    CompletionService chat =
        new CompletionService(
            Catalogs.of(new ScriptedEngine().profile()),
            new EngineRegistry(Map.of("w", new ScriptedEngine())),
            ledger,
            AdmissionControl.OPEN,
            meters,
            ServingBounds.of(LONG, LONG));

    assertThat(chat.admit(ChatRequests.of("vectors", List.of(), null), CALLER, requestId))
        .isEqualTo(new Admission.NotAChatModel("vectors"));
    assertThat(requests("not_a_chat_model")).isEqualTo(1);
  }
}

package io.galerne.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.catalog.Catalogs;
import io.galerne.engine.Engine;
import io.galerne.engine.EngineSettings;
import io.galerne.engine.GenerationRequest;
import io.galerne.engine.HeldStep;
import io.galerne.engine.Submission;
import io.galerne.engine.TinyModel;
import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.template.ChatMessage;
import io.galerne.identity.Caller;
import io.galerne.limits.AdmissionControl;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that wait for a seat in a real engine. */
class QueuedCompletionTests {
  private static final Caller CALLER =
      new Caller(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());

  @TempDir Path folder;

  /** Lets the engine go on when it was told three times that nothing happens. */
  private static final class Patient implements AnswerSink {
    private final HeldStep held;
    private int idlesBeforeText;
    private int texts;

    Patient(HeldStep held) {
      this.held = held;
    }

    @Override
    public void open() {}

    @Override
    public void text(AnswerPiece piece) {
      texts++;
    }

    @Override
    public void idle() {
      if (texts == 0 && ++idlesBeforeText == 3) {
        held.release();
      }
    }
  }

  @Test
  void whoWaitsInTheQueueIsToldThatItLives() throws Exception {
    Path weights = TinyModel.writer(GgmlType.Q8_0, 3).write(folder.resolve("tiny.gguf"));
    EngineSettings settings = EngineSettings.of(weights).withThreads(1).withQueue(1, 4);
    HeldStep held = new HeldStep();
    try (Engine engine = held.load(settings)) {
      RecordingLedger ledger = new RecordingLedger();
      CompletionService service =
          new CompletionService(
              Catalogs.of(engine.profile()),
              new EngineRegistry(Map.of("w", engine)),
              ledger,
              AdmissionControl.OPEN,
              new SimpleMeterRegistry(),
              ServingBounds.of(Duration.ofMinutes(1), Duration.ofMillis(1)));
      Patient client = new Patient(held);
      held.arm();
      occupy(engine);
      held.awaitReached();
      CompletionRequest request =
          ChatRequests.of("tiny", List.of(new ChatMessage("user", "abc")), 2);

      Admission admission = service.admit(request, CALLER, UUID.randomUUID());
      Ending ending = ((Admission.Admitted) admission).completion().stream(client);

      assertThat(ending).isInstanceOf(Ending.Finished.class);
      assertThat(client.idlesBeforeText).isGreaterThanOrEqualTo(3);
      assertThat(ledger.only().completionTokens()).isEqualTo(2);
    }
  }

  private static void occupy(Engine engine) {
    SamplingParams params = new SamplingParams(0, 1, 0, 3, List.of());
    assertThat(engine.submit(new GenerationRequest(new int[] {5, 6, 7}, params)))
        .isInstanceOf(Submission.Accepted.class);
  }
}

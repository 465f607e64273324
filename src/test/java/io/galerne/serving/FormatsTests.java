package io.galerne.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.catalog.Catalogs;
import io.galerne.engine.Constraint;
import io.galerne.engine.FinishReason;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.OutputFormat;
import io.galerne.engine.ScriptedConstraints;
import io.galerne.engine.Submission;
import io.galerne.engine.ToolChoice;
import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.engine.template.ChatMessage;
import io.galerne.engine.template.ToolCall;
import io.galerne.engine.template.ToolDefinition;
import io.galerne.identity.Caller;
import io.galerne.limits.AdmissionControl;
import io.galerne.metering.UsageRecord.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Formats and tools on their way through serving. */
class FormatsTests {
  private static final OutputFormat JSON = new OutputFormat.JsonObject();
  private static final ToolDefinition TOOL = new ToolDefinition("f", "", "{}");
  private static final ToolCall CALL = new ToolCall("123456789", "f", "{}");

  private final ScriptedEngine engine = new ScriptedEngine();
  private final RecordingLedger ledger = new RecordingLedger();
  private final CompletionService service =
      new CompletionService(
          Catalogs.of(engine.profile()),
          new EngineRegistry(Map.of("w", engine)),
          ledger,
          AdmissionControl.OPEN,
          new SimpleMeterRegistry(),
          ServingBounds.of(Duration.ofMinutes(1), Duration.ofMillis(20)));

  private static Caller caller() {
    return new Caller(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
  }

  private Admission admit(Caller caller, List<ToolDefinition> tools, OutputFormat format) {
    return admit(service, caller, tools, format);
  }

  private static Admission admit(
      CompletionService service, Caller caller, List<ToolDefinition> tools, OutputFormat format) {
    List<ChatMessage> messages = List.of(new ChatMessage("user", "two words"));
    return service.admit(
        ChatRequests.of("tiny", messages, tools, format, null), caller, UUID.randomUUID());
  }

  @Test
  void aFormatIsCompiledAndFreeTextIsNot() {
    admit(caller(), List.of(), new OutputFormat.FreeText());
    assertThat(engine.lastRequest().constraint()).isNull();
    admit(caller(), List.of(), JSON);
    assertThat(engine.lastRequest().constraint()).extracting(Constraint::format).isEqualTo(JSON);
  }

  @Test
  void theRequestsTimeIsTheEnginesDeadline() {
    long before = System.nanoTime();
    admit(caller(), List.of(), JSON);
    Long deadline = engine.lastRequest().terms().deadlineNanos();
    assertThat(Duration.ofNanos(Objects.requireNonNull(deadline) - before))
        .isBetween(Duration.ofMinutes(1), Duration.ofSeconds(80));

    engine.script(_ -> new Submission.DeadlinePassed());
    assertThat(admit(caller(), List.of(), JSON)).isEqualTo(new Admission.TimedOut());
    assertThat(ledger.records()).isEmpty();
  }

  @Test
  void whatCanNotBeCompiledLeavesNoLine() {
    engine.compile(
        _ -> {
          throw new GrammarException(GrammarException.Kind.UNSUPPORTED, "k", "/p", "no");
        });
    assertThat(admit(caller(), List.of(), JSON))
        .isEqualTo(
            new Admission.FormatRefused(
                JSON, GrammarException.Kind.UNSUPPORTED, "k", "/p", "'k' at /p: no"));
    assertThat(ledger.records()).isEmpty();
  }

  @Test
  void aTenantWhoseFormatsAreHardDoesNotHoldUpOthers() throws Exception {
    CountDownLatch compiling = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    OutputFormat hard = new OutputFormat.JsonSchema("{\"hard\":1}");
    engine.compile(
        format -> {
          if (format.equals(hard)) {
            compiling.countDown();
            await(finish);
          }
          return ScriptedConstraints.of(format);
        });
    Caller bomber = caller();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Admission> bomb =
          CompletableFuture.supplyAsync(() -> admit(bomber, List.of(), hard), threads);
      await(compiling);

      assertThat(admit(caller(), List.of(), JSON)).isInstanceOf(Admission.Admitted.class);
      assertThat(admit(bomber, List.of(), JSON)).isEqualTo(new Admission.TenantCompilersBusy(1));
      assertThat(admit(bomber, List.of(), new OutputFormat.FreeText()))
          .isInstanceOf(Admission.Admitted.class);

      CompletableFuture<Admission> second =
          CompletableFuture.supplyAsync(() -> admit(caller(), List.of(), hard), threads);
      CompletableFuture<Admission> third =
          CompletableFuture.supplyAsync(() -> admit(caller(), List.of(), hard), threads);
      assertThat(CompletableFuture.anyOf(second, third).get(20, TimeUnit.SECONDS))
          .isEqualTo(new Admission.CompilersBusy());
      finish.countDown();
      assertThat(bomb.get(20, TimeUnit.SECONDS)).isInstanceOf(Admission.Admitted.class);
    }
    assertThat(admit(bomber, List.of(), JSON)).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void howManyWaitForTheirFormatsIsBounded() throws Exception {
    CountDownLatch finish = new CountDownLatch(1);
    engine.compile(
        format -> {
          await(finish);
          return ScriptedConstraints.of(format);
        });
    // Of four, one has its turn and two wait.
    CompletionService patient =
        new CompletionService(
            Catalogs.of(engine.profile()),
            new EngineRegistry(Map.of("w", engine)),
            ledger,
            AdmissionControl.OPEN,
            new SimpleMeterRegistry(),
            ServingBounds.patient());
    Caller caller = caller();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Admission>> admissions = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        admissions.add(
            CompletableFuture.supplyAsync(() -> admit(patient, caller, List.of(), JSON), threads));
      }
      assertThat(CompletableFuture.anyOf(admissions.toArray(CompletableFuture<?>[]::new)))
          .succeedsWithin(Duration.ofSeconds(20))
          .isEqualTo(new Admission.TenantCompilationQueueFull(2));
      finish.countDown();
      long admitted = 0;
      for (CompletableFuture<Admission> admission : admissions) {
        admitted += admission.get(20, TimeUnit.SECONDS) instanceof Admission.Admitted ? 1 : 0;
      }
      assertThat(admitted).isEqualTo(3);
    }
    assertThat(admit(patient, caller, List.of(), JSON)).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void callsComeWithTheEnd() throws Exception {
    engine.answer(
        new GenerationEvent.Text("See", 1),
        new GenerationEvent.ToolCall(CALL, 5),
        new GenerationEvent.Finished(FinishReason.TOOL_CALLS, 2, 1, 7));

    Answer answer = completion(admit(caller(), List.of(TOOL), calls())).collect();

    assertThat(answer)
        .isEqualTo(
            new Answer(
                "See", new Ending.Finished(FinishReason.TOOL_CALLS, 2, 1, 7, List.of(CALL))));
    assertThat(ledger.only())
        .satisfies(
            usage -> {
              assertThat(usage.outcome()).isEqualTo(Outcome.STOP);
              assertThat(usage.completionTokens()).isEqualTo(7);
            });
  }

  @Test
  void callsOfAnAnswerThatFailsAreNotCharged() throws Exception {
    engine.answer(
        new GenerationEvent.Text("See", 1),
        new GenerationEvent.ToolCall(CALL, 5),
        new GenerationEvent.Finished(FinishReason.ERROR, 2, 7));

    Ending ending = completion(admit(caller(), List.of(TOOL), calls())).stream(new Listener());

    assertThat(ending).isEqualTo(new Ending.Failed(Ending.Failure.ENGINE));
    assertThat(ledger.only().completionTokens()).isEqualTo(1);
  }

  private static OutputFormat calls() {
    return new OutputFormat.ToolCalls(List.of(TOOL), new ToolChoice.Auto(), true);
  }

  private static Completion completion(Admission admission) {
    return ((Admission.Admitted) admission).completion();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes everything. */
  private static final class Listener implements AnswerSink {
    @Override
    public void open() throws IOException {}

    @Override
    public void text(AnswerPiece piece) throws IOException {}

    @Override
    public void idle() throws IOException {}
  }
}

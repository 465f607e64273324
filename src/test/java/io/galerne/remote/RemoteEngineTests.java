package io.galerne.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.engine.FinishReason;
import io.galerne.engine.Generation;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.GenerationRequest;
import io.galerne.engine.ModelVocabulary;
import io.galerne.engine.OutputFormat;
import io.galerne.engine.Submission;
import io.galerne.engine.TokenAllowance;
import io.galerne.engine.ToolChoice;
import io.galerne.engine.sampling.Adjustments;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.CacheNamespace;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.ServiceTerms;
import io.galerne.engine.template.ChatMessage;
import io.galerne.engine.template.PromptRequest;
import io.galerne.engine.template.ToolCall;
import io.galerne.engine.template.ToolDefinition;
import io.galerne.outbound.AddressRules;
import io.galerne.outbound.OutboundHttp;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RemoteEngineTests {
  private static final Path WEIGHTS = Path.of("models/smollm2-135m-instruct-q4_1.gguf");
  private static final ModelVocabulary VOCABULARY = ModelVocabulary.read(WEIGHTS, null);
  private static final PromptRequest HELLO =
      PromptRequest.of(List.of(new ChatMessage("user", "Hello")));

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private FakeBackend backend() throws IOException {
    FakeBackend backend = new FakeBackend();
    open.add(backend);
    return backend;
  }

  private RemoteEngine engine(Dialect dialect, int requestsMax, URI... replicas) {
    OutboundHttp http =
        new OutboundHttp(
            new AddressRules(List.of("127.0.0.1")),
            new OutboundHttp.Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(5)),
            64);
    open.add(http);
    RemoteEngine engine =
        new RemoteEngine(
            new RemoteSettings(
                List.of(replicas),
                "their-model",
                "their-secret",
                dialect,
                WEIGHTS,
                VOCABULARY,
                2048,
                requestsMax,
                Duration.ofHours(1)),
            http);
    open.add(engine);
    return engine;
  }

  private static GenerationRequest request(
      RemoteEngine engine,
      PromptRequest conversation,
      @Nullable OutputFormat format,
      TokenAllowance allowance) {
    return new GenerationRequest(
        engine.prompt(conversation),
        new SamplingParams(0.5f, 1, 7, 100, List.of("END")),
        ServiceTerms.DEFAULT,
        CacheScope.NONE,
        format == null ? null : engine.constrain(format, CacheNamespace.PUBLIC),
        null,
        allowance,
        conversation);
  }

  private static Submission submit(RemoteEngine engine) {
    return engine.submit(request(engine, HELLO, null, TokenAllowance.UNLIMITED));
  }

  private static Generation accepted(Submission submission) {
    if (submission instanceof Submission.Accepted(Generation generation)) {
      return generation;
    }
    throw new AssertionError(submission);
  }

  /** A whole answer. */
  private record Whole(
      String text, List<ToolCall> calls, int streamed, GenerationEvent.Finished end) {}

  private static Whole read(Generation generation) throws InterruptedException {
    StringBuilder text = new StringBuilder();
    List<ToolCall> calls = new ArrayList<>();
    int tokens = 0;
    while (true) {
      switch (generation.next()) {
        case GenerationEvent.Text(String piece, int count, _) -> {
          text.append(piece);
          tokens += count;
        }
        case GenerationEvent.ToolCall(ToolCall call, int _) -> calls.add(call);
        case GenerationEvent.Finished end -> {
          return new Whole(text.toString(), calls, tokens, end);
        }
      }
    }
  }

  @Test
  void relaysTextAndChargesWhatTheBackendCounted() throws Exception {
    FakeBackend backend = backend();
    backend.script(answer -> answer.text("Bon").text("jour").end("stop", 9, 4));

    RemoteEngine engine = engine(Dialect.OPENAI, 8, backend.url());
    Whole whole = read(accepted(submit(engine)));

    assertThat(whole.text()).isEqualTo("Bonjour");
    assertThat(whole.end()).isEqualTo(new GenerationEvent.Finished(FinishReason.STOP, 9, 4));
    JsonNode sent = backend.requests().getFirst();
    assertThat(sent.path("model").asString()).isEqualTo("their-model");
    assertThat(sent.path("messages").path(0).path("content").asString()).isEqualTo("Hello");
    assertThat(sent.path("max_tokens").asInt()).isEqualTo(100);
    assertThat(sent.path("seed").asInt()).isEqualTo(7);
    assertThat(sent.path("stop").path(0).asString()).isEqualTo("END");
    assertThat(backend.authorizations()).containsExactly("Bearer their-secret");
  }

  @Test
  void doesNotBelieveACountThatIsFarOff() throws Exception {
    FakeBackend backend = backend();
    backend.script(answer -> answer.text("Bonjour").end("stop", 5_000, 90));

    RemoteEngine engine = engine(Dialect.OPENAI, 8, backend.url());
    Whole whole = read(accepted(submit(engine)));

    assertThat(whole.end().completionTokens()).isEqualTo(VOCABULARY.count("Bonjour"));
    assertThat(whole.end().promptTokens()).isEqualTo(engine.prompt(HELLO).length);
  }

  @Test
  void stopsTheBackendWhenThereMayBeNoMore() throws Exception {
    FakeBackend backend = backend();
    AtomicBoolean broken = new AtomicBoolean();
    backend.script(
        answer -> {
          try {
            while (true) {
              answer.text(" word");
            }
          } catch (IOException e) {
            broken.set(true);
          }
        });
    AtomicInteger left = new AtomicInteger(5);
    TokenAllowance five =
        () ->
            left.getAndDecrement() > 0
                ? TokenAllowance.Verdict.GRANTED
                : TokenAllowance.Verdict.DENIED;

    RemoteEngine engine = engine(Dialect.OPENAI, 8, backend.url());
    Whole whole = read(accepted(engine.submit(request(engine, HELLO, null, five))));

    assertThat(whole.end().reason()).isEqualTo(FinishReason.ALLOWANCE);
    assertThat(whole.end().completionTokens()).isEqualTo(5);
    assertThat(whole.streamed()).isEqualTo(5);
    assertThat(whole.text()).isEqualTo(" word".repeat(5));
    await().atMost(Duration.ofSeconds(10)).untilTrue(broken);
  }

  @Test
  void asksAnotherReplicaWhileNothingWasSaid() throws Exception {
    FakeBackend failing = backend();
    FakeBackend working = backend();
    failing.script(answer -> answer.status(500));

    RemoteEngine engine = engine(Dialect.OPENAI, 8, failing.url(), working.url());
    for (int i = 0; i < 10; i++) {
      assertThat(read(accepted(submit(engine))).text()).isEqualTo("Bonjour");
    }

    assertThat(working.requests()).hasSize(10);
    // the breaker opens after three failures, so that nobody pays for the fourth
    assertThat(failing.requests()).hasSize(3);
  }

  @Test
  void asksAnotherReplicaWhereTheFirstGoesAwayWithoutAWord() throws Exception {
    FakeBackend silent = backend();
    FakeBackend speaking = backend();
    // the head of the answer is there, and who speaks, but not a word of it
    String role = "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}";
    silent.script(answer -> answer.event(role));
    RemoteEngine engine = engine(Dialect.OPENAI, 8, silent.url(), speaking.url());

    Whole whole = read(accepted(submit(engine)));

    assertThat(whole.text()).isEqualTo("Bonjour");
    assertThat(whole.end().reason()).isEqualTo(FinishReason.STOP);
    assertThat(silent.requests()).hasSize(1);
    assertThat(speaking.requests()).hasSize(1);
  }

  @Test
  void asksNobodyElseOnceSomethingWasSaid() throws Exception {
    FakeBackend breaking = backend();
    FakeBackend other = backend();
    breaking.script(answer -> answer.text("Bon").event("{\"error\":{\"message\":\"no\"}}"));
    other.script(answer -> answer.status(503));

    RemoteEngine engine = engine(Dialect.OPENAI, 8, breaking.url(), other.url());
    Whole whole = read(accepted(submit(engine)));

    assertThat(whole.text()).isEqualTo("Bon");
    assertThat(whole.end().reason()).isEqualTo(FinishReason.ERROR);
    assertThat(breaking.requests()).hasSize(1);
    assertThat(other.requests()).isEmpty();
  }

  @Test
  void aStreamThatEndsTooEarlyIsAFailure() throws Exception {
    FakeBackend backend = backend();
    backend.script(answer -> answer.text("Bon"));

    Whole whole = read(accepted(submit(engine(Dialect.OPENAI, 8, backend.url()))));

    assertThat(whole.end().reason()).isEqualTo(FinishReason.ERROR);
  }

  @Test
  void tellsBusyFromGoneAndFromRefused() throws Exception {
    FakeBackend backend = backend();
    RemoteEngine engine = engine(Dialect.OPENAI, 8, backend.url());

    backend.script(answer -> answer.status(503));
    assertThat(submit(engine)).isInstanceOf(Submission.QueueFull.class);
    backend.script(answer -> answer.status(400));
    assertThat(submit(engine)).isInstanceOf(Submission.RefusedElsewhere.class);
    backend.close();
    assertThat(submit(engine)).isInstanceOf(Submission.Unavailable.class);
  }

  @Test
  void sendsWorkWhereTheLeastIsOutstanding() throws Exception {
    FakeBackend slow = backend();
    FakeBackend quick = backend();
    CountDownLatch hold = new CountDownLatch(1);
    FakeBackend.Script holding =
        answer -> {
          answer.text("a");
          awaitLatch(hold);
          answer.end("stop", 1, 1);
        };
    slow.script(holding);
    quick.script(holding);

    RemoteEngine engine = engine(Dialect.OPENAI, 2, slow.url(), quick.url());
    List<Generation> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      running.add(accepted(submit(engine)));
    }

    assertThat(slow.requests()).hasSize(2);
    assertThat(quick.requests()).hasSize(2);
    assertThat(submit(engine)).isInstanceOf(Submission.QueueFull.class);
    hold.countDown();
    for (Generation generation : running) {
      assertThat(read(generation).end().reason()).isEqualTo(FinishReason.STOP);
    }
    await().until(() -> engine.statistics().running() == 0);
  }

  @Test
  void cancellingClosesTheConnection() throws Exception {
    FakeBackend backend = backend();
    AtomicBoolean broken = new AtomicBoolean();
    backend.script(
        answer -> {
          try {
            while (true) {
              answer.text(" word");
            }
          } catch (IOException e) {
            broken.set(true);
          }
        });
    Generation generation = accepted(submit(engine(Dialect.OPENAI, 8, backend.url())));
    generation.next();
    generation.cancel();

    await().atMost(Duration.ofSeconds(10)).untilTrue(broken);
    assertThat(read(generation).end().reason()).isEqualTo(FinishReason.CANCELLED);
  }

  @Test
  void putsCallsTogetherAndGivesThemIdsThatClientsRead() throws Exception {
    FakeBackend backend = backend();
    backend.script(
        answer ->
            answer
                .event(
                    "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\","
                        + "\"function\":{\"name\":\"add\",\"arguments\":\"{\\\"a\\\":\"}}]}}]}")
                .event(
                    "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
                        + "\"function\":{\"arguments\":\" 1}\"}}]}}]}")
                .end("tool_calls", 9, 12));
    ToolDefinition add = new ToolDefinition("add", "Adds.", "{\"type\":\"object\"}");
    PromptRequest conversation = new PromptRequest(HELLO.messages(), List.of(add));

    RemoteEngine engine = engine(Dialect.OPENAI, 8, backend.url());
    OutputFormat calls =
        new OutputFormat.ToolCalls(List.of(add), new ToolChoice.Named("add"), false);
    Whole whole =
        read(
            accepted(
                engine.submit(request(engine, conversation, calls, TokenAllowance.UNLIMITED))));

    assertThat(whole.calls()).hasSize(1);
    assertThat(whole.calls().getFirst().id()).matches("[A-Za-z0-9]{9}");
    assertThat(whole.calls().getFirst().arguments()).isEqualTo("{\"a\":1}");
    assertThat(whole.end().reason()).isEqualTo(FinishReason.TOOL_CALLS);
    JsonNode sent = backend.requests().getFirst();
    assertThat(sent.at("/tool_choice/function/name").asString()).isEqualTo("add");
    assertThat(sent.at("/tools/0/function/parameters/type").asString()).isEqualTo("object");
  }

  @Test
  void argumentsThatAreNoJsonAreAFailure() throws Exception {
    FakeBackend backend = backend();
    backend.script(
        answer ->
            answer
                .event(
                    "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
                        + "\"function\":{\"name\":\"add\",\"arguments\":\"{oops\"}}]}}]}")
                .end("tool_calls", 9, 3));

    Whole whole = read(accepted(submit(engine(Dialect.OPENAI, 8, backend.url()))));

    assertThat(whole.calls()).isEmpty();
    assertThat(whole.end().reason()).isEqualTo(FinishReason.ERROR);
  }

  @Test
  void refusesWhatTheBackendDoesNotKnow() throws Exception {
    RemoteEngine engine = engine(Dialect.OPENAI, 8, backend().url());
    SamplingParams withLogprobs = new SamplingParams(0, 1, 0, 5, List.of(), Adjustments.NONE, 3);

    assertThat(engine.refusedParameter(withLogprobs)).contains("logprobs");
    assertThat(engine.refusedParameter(new SamplingParams(0, 1, 0, 5, List.of()))).isEmpty();
  }

  private static void awaitLatch(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IOException("nobody let go");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}

package io.galerne.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Spans and metrics as a collector gets them, of a request that a second Galerne answers. */
class TracesIntegrationTests extends ObservedIntegrationTest {
  private static final String PARENT = "00f067aa0ba902b7";
  private static final String SECRET = "Quelle est la capitale de la France ?";
  private static final JsonMapper JSON = new JsonMapper();

  private static String newTrace() {
    UUID id = UUID.randomUUID();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(id.getMostSignificantBits())
        + hex.toHexDigits(id.getLeastSignificantBits());
  }

  private static String body(String model, boolean stream) {
    return """
    {"model": "%s", "temperature": 0, "max_tokens": 12, "stream": %s,
     "messages": [{"role": "user", "content": "%s"}]}
    """
        .formatted(model, stream, SECRET);
  }

  private HttpResponse<String> traced(Client who, String body, String trace, String flags)
      throws Exception {
    return ask(who, body, "traceparent", "00-" + trace + "-" + PARENT + "-" + flags);
  }

  private static OtlpSink.Seen only(String trace, String name, SpanKind kind, String parent) {
    List<OtlpSink.Seen> found =
        COLLECTOR.ofTrace(trace).stream()
            .filter(span -> span.name().equals(name))
            .filter(span -> span.kind() == kind)
            .filter(span -> span.parent().equals(parent))
            .toList();
    assertThat(found)
        .as("%s of kind %s in %s among %s", name, kind, parent, COLLECTOR.ofTrace(trace))
        .hasSize(1);
    return found.getFirst();
  }

  private Client withBackend(String model) throws Exception {
    Client who = newClient();
    deploy(who.tenant(), model, "http://127.0.0.1:" + port + "/v1", newClient().key());
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> ask(who, body(model, false)).statusCode() == 200);
    return who;
  }

  @Test
  void oneTraceGoesThroughReplicaAndBackend() throws Exception {
    Client who = withBackend("traced");
    String trace = newTrace();

    HttpResponse<String> answered = traced(who, body("traced", false), trace, "01");

    assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> COLLECTOR.find(trace, "http post /v1/chat/completions"), this::bothServers);
    String http = "http post /v1/chat/completions";
    OtlpSink.Seen server = only(trace, http, SpanKind.SPAN_KIND_SERVER, PARENT);
    OtlpSink.Seen chat = only(trace, "chat traced", SpanKind.SPAN_KIND_INTERNAL, server.id());
    OtlpSink.Seen call = only(trace, "POST", SpanKind.SPAN_KIND_CLIENT, chat.id());
    OtlpSink.Seen backend = only(trace, http, SpanKind.SPAN_KIND_SERVER, call.id());
    OtlpSink.Seen there =
        only(trace, "chat mistral-tiny", SpanKind.SPAN_KIND_INTERNAL, backend.id());
    assertThat(chat.attributes())
        .containsEntry("gen_ai.operation.name", "chat")
        .containsEntry("gen_ai.provider.name", "galerne")
        .containsEntry("gen_ai.request.model", "traced")
        .containsEntry("gen_ai.response.model", "traced")
        .containsEntry("gen_ai.request.max_tokens", "12")
        .containsEntry(
            "gen_ai.response.id", answered.headers().firstValue("x-request-id").orElseThrow());
    JsonNode told = JSON.readTree(answered.body());
    assertThat(List.of(chat, there))
        .allSatisfy(
            span ->
                assertThat(span.attributes())
                    .containsEntry(
                        "gen_ai.usage.input_tokens", told.at("/usage/prompt_tokens").asString())
                    .containsEntry(
                        "gen_ai.usage.output_tokens",
                        told.at("/usage/completion_tokens").asString())
                    .containsEntry(
                        "gen_ai.response.finish_reasons",
                        told.at("/choices/0/finish_reason").asString()));
    assertThat(call.attributes()).containsEntry("http.response.status_code", "200");
    assertStretches(trace, there);
    assertStretches(trace, chat);
  }

  private boolean bothServers(java.util.Optional<OtlpSink.Seen> found) {
    return found.isPresent()
        && COLLECTOR.ofTrace(found.get().trace()).stream()
                .filter(span -> span.kind() == SpanKind.SPAN_KIND_SERVER)
                .count()
            == 2;
  }

  /** One after the other, within the request's own span. */
  private static void assertStretches(String trace, OtlpSink.Seen chat) {
    long at = chat.startNanos();
    for (String name : List.of("admission", "queue", "prefill", "decode", "settle")) {
      OtlpSink.Seen stretch = only(trace, name, SpanKind.SPAN_KIND_INTERNAL, chat.id());
      // an engine may begin before whoever asked it goes on
      assertThat(stretch.endNanos()).as(name).isGreaterThanOrEqualTo(stretch.startNanos());
      assertThat(stretch.endNanos()).as(name).isGreaterThanOrEqualTo(at);
      at = stretch.startNanos();
    }
    assertThat(at).isLessThanOrEqualTo(chat.endNanos());
  }

  @Test
  void nothingThatWasSaidIsInASpan() throws Exception {
    Client who = newClient();
    String trace = newTrace();
    HttpResponse<String> answered = traced(who, body("mistral-small", true), trace, "01");
    assertThat(answered.statusCode()).isEqualTo(200);
    await().until(() -> COLLECTOR.find(trace, "chat mistral-small").isPresent());
    assertThat(COLLECTOR.ofTrace(trace))
        .isNotEmpty()
        .noneMatch(span -> span.everything().contains("capitale"))
        .noneMatch(span -> span.everything().contains(who.key()))
        .noneMatch(span -> span.everything().contains(who.tenant().toString()))
        .anyMatch(span -> span.everything().contains("gen_ai.usage.output_tokens"));
  }

  @Test
  void whatWasRefusedSaysWhy() throws Exception {
    String trace = newTrace();
    HttpResponse<String> refused = traced(newClient(), body("nonsense", false), trace, "01");
    assertThat(refused.statusCode()).isEqualTo(400);
    await().until(() -> COLLECTOR.find(trace, "chat nonsense").isPresent());
    assertThat(COLLECTOR.find(trace, "chat nonsense").orElseThrow().attributes())
        .containsEntry("error.type", "unknown_model")
        .doesNotContainKey("gen_ai.usage.output_tokens");
  }

  @Test
  void aTraceThatNobodyKeepsIsNotSent() throws Exception {
    Client who = newClient();
    String dropped = newTrace();
    String kept = newTrace();
    assertThat(traced(who, body("mistral-small", false), dropped, "00").statusCode())
        .isEqualTo(200);
    assertThat(traced(who, body("mistral-small", false), kept, "01").statusCode()).isEqualTo(200);
    await().until(() -> COLLECTOR.find(kept, "chat mistral-small").isPresent());
    assertThat(COLLECTOR.ofTrace(dropped)).isEmpty();
  }

  @Test
  void linesOfTheLogNameTraceAndRequest() throws Exception {
    Client who = newClient();
    deploy(who.tenant(), "away", "http://127.0.0.1:9/v1", "x");
    await().until(() -> ask(who, body("away", false)).statusCode() == 503);
    Logger root = (Logger) LoggerFactory.getLogger("io.galerne.remote");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    root.addAppender(lines);
    String trace = newTrace();
    try {
      HttpResponse<String> refused = traced(who, body("away", false), trace, "01");
      String request = refused.headers().firstValue("x-request-id").orElseThrow();
      assertThat(List.copyOf(lines.list))
          .anySatisfy(
              line ->
                  assertThat(line.getMDCPropertyMap())
                      .containsEntry("traceId", trace)
                      .containsEntry("request.id", request));
    } finally {
      root.detachAppender(lines);
    }
  }

  @Test
  void requestsAreServedWhileTheCollectorIsNot() throws Exception {
    Client who = newClient();
    int before = COLLECTOR.refused();
    COLLECTOR.away(true);
    try {
      for (int i = 0; i < 3; i++) {
        assertThat(traced(who, body("mistral-small", false), newTrace(), "01").statusCode())
            .isEqualTo(200);
      }
      await().until(() -> COLLECTOR.refused() > before);
    } finally {
      COLLECTOR.away(false);
    }
    String trace = newTrace();
    assertThat(traced(who, body("mistral-small", false), trace, "01").statusCode()).isEqualTo(200);
    await().until(() -> COLLECTOR.find(trace, "chat mistral-small").isPresent());
  }

  @Test
  void metricsAreSentToo() throws Exception {
    assertThat(ask(newClient(), body("mistral-small", false)).statusCode()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(COLLECTOR.metricNames())
                    .contains(
                        "gen_ai.server.time_to_first_token",
                        "gen_ai.server.time_per_output_token",
                        "gen_ai.server.request.duration",
                        "galerne.engine.kv.blocks",
                        "galerne.queue.time"));
  }

  @Test
  void metersOfAnEngineComeAndGoWithIt() throws Exception {
    Client who = newClient();
    UUID id = deploy(who.tenant(), "coming", "http://127.0.0.1:9/v1", "x");
    await()
        .until(
            () ->
                shown()
                    .contains(
                        "galerne_backend_up{backend=\"127.0.0.1:9\",weights=\"deployment-" + id));
    for (int i = 0; i < 4; i++) {
      assertThat(ask(who, body("coming", false)).statusCode()).isEqualTo(503);
    }
    assertThat(shown())
        .containsPattern("galerne_backend_avoided\\{[^}]*" + id + "[^}]*} 1")
        .containsPattern("galerne_engine_running\\{[^}]*" + id)
        .containsPattern("galerne_backend_usage_checks_total\\{[^}]*" + id);
    delete(who.tenant(), id);
    await().until(() -> !shown().contains(id.toString()));
  }

  private String shown() throws Exception {
    return get(managementPort, "/actuator/prometheus").body();
  }
}

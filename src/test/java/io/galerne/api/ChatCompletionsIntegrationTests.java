package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.FinishReason;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.template.ChatMessage;
import io.galerne.metering.UsageRecord.Outcome;
import io.galerne.serving.ScriptedGeneration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** The answers to good requests, byte by byte. */
class ChatCompletionsIntegrationTests extends ApiIntegrationTest {
  private static final String HI =
      """
      {"model":"tiny","messages":[{"role":"user","content":"two words"}]}\
      """;
  private static final String HI_STREAMED =
      """
      {"model":"tiny","messages":[{"role":"user","content":"two words"}],"stream":true}\
      """;

  /** Replaces what differs from request to request. */
  private static String steady(String body) {
    return body.replaceAll("cmpl-[0-9a-f]{32}", "cmpl-ID")
        .replaceAll("\"created\":[0-9]{10},", "\"created\":0,");
  }

  @Test
  void answersWithEveryFieldOfTheContract() throws Exception {
    String body =
        bodyOf(
            post(HI).expectStatus().isOk().expectHeader().contentType(MediaType.APPLICATION_JSON));

    assertThat(steady(body))
        .isEqualTo(
            """
            {"id":"cmpl-ID","object":"chat.completion","created":0,"model":"tiny",\
            "choices":[{"index":0,"message":{"role":"assistant","content":"Bonjour tout le monde",\
            "tool_calls":null,"prefix":false},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":2,"completion_tokens":3,"total_tokens":5,\
            "prompt_tokens_details":{"cached_tokens":0}}}\
            """);
    assertThat(ledger.only().completionTokens()).isEqualTo(3);
  }

  @Test
  void streamsWithTheBytesOfTheContract() throws Exception {
    String body =
        bodyOf(
            post(HI_STREAMED)
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .expectHeader()
                .valueEquals("X-Accel-Buffering", "no")
                .expectHeader()
                .value(HttpHeaders.CACHE_CONTROL, value -> assertThat(value).contains("no-cache")));

    String head =
        """
        data: {"id":"cmpl-ID","object":"chat.completion.chunk","created":0,"model":"tiny",\
        """;
    assertThat(steady(body))
        .isEqualTo(
            head
                + """
                "choices":[{"index":0,"delta":{"role":"assistant","content":""},\
                "finish_reason":null}]}

                """
                + head
                + """
                "choices":[{"index":0,"delta":{"content":"Bonjour"},"finish_reason":null}]}

                """
                + head
                + """
                "choices":[{"index":0,"delta":{"content":" tout"},"finish_reason":null}]}

                """
                + head
                + """
                "choices":[{"index":0,"delta":{"content":" le monde"},"finish_reason":null}]}

                """
                + head
                + """
                "choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],\
                "usage":{"prompt_tokens":2,"completion_tokens":3,"total_tokens":5,\
                "prompt_tokens_details":{"cached_tokens":0}}}

                data: [DONE]

                """);
    assertThat(ledger.only().completionTokens()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/event-stream", "*/*", "text/html", "nonsense"})
  void whetherToStreamIsForTheBodyAlone(String accept) {
    for (String body : List.of(HI, HI_STREAMED)) {
      client()
          .post()
          .uri("/v1/chat/completions")
          .header(HttpHeaders.ACCEPT, accept)
          .contentType(MediaType.APPLICATION_JSON)
          .body(body)
          .exchange()
          .expectStatus()
          .isOk()
          .expectHeader()
          .valueEquals(
              HttpHeaders.CONTENT_TYPE, body.equals(HI) ? "application/json" : "text/event-stream");
    }
  }

  @Test
  void tellsTheFinishReasonsApart() {
    engine.answer(new GenerationEvent.Finished(FinishReason.CONTEXT_FULL, 2, 0));
    assertThat(bodyOf(post(HI))).contains("\"finish_reason\":\"model_length\"");
    assertThat(bodyOf(post(HI_STREAMED))).contains("\"finish_reason\":\"length\"");

    engine.reset();
    String bounded = HI.replace("\"model\"", "\"max_tokens\":2,\"model\"");
    assertThat(bodyOf(post(bounded)))
        .contains("\"finish_reason\":\"length\"", "\"completion_tokens\":2");
  }

  @Test
  void pingsWhileThereIsNothingToSay() throws Exception {
    ScriptedGeneration generation = engine.answer(new ScriptedGeneration());
    try (RawHttp http = RawHttp.post(port, HI_STREAMED)) {
      http.awaitText(": ping\n\n");
      generation.emit(new GenerationEvent.Text("Late", 1));
      generation.emit(new GenerationEvent.Finished(FinishReason.STOP, 2, 1));
      assertThat(http.awaitText("[DONE]\n\n")).contains("\"content\":\"Late\"");
    }
    assertThat(ledger.only().outcome()).isEqualTo(Outcome.STOP);
  }

  @Test
  void aClientThatHangsUpEndsTheGenerationAndIsChargedForWhatWasSent() throws Exception {
    ScriptedGeneration generation = engine.answer(ScriptedGeneration.endless("word "));
    try (RawHttp http = RawHttp.post(port, HI_STREAMED)) {
      http.awaitText("word ");
    }

    generation.awaitCancelled();
    assertThat(ledger.only())
        .satisfies(
            usage -> {
              assertThat(usage.outcome()).isEqualTo(Outcome.DISCONNECTED);
              // the text whose writing failed was taken, and not delivered
              assertThat(usage.completionTokens()).isEqualTo(generation.taken() - 1);
              assertThat(usage.completionTokens()).isPositive();
              assertThat(usage.caller()).isEqualTo(ApiTestApplication.CALLER);
            });
  }

  @Test
  void aClientThatHangsUpDuringTheWaitIsNoticed() throws Exception {
    ScriptedGeneration generation = engine.answer(new ScriptedGeneration());
    try (RawHttp http = RawHttp.post(port, HI_STREAMED)) {
      http.awaitText("assistant");
    }

    generation.awaitCancelled();
    assertThat(ledger.only())
        .satisfies(
            usage -> {
              assertThat(usage.outcome()).isEqualTo(Outcome.DISCONNECTED);
              assertThat(usage.completionTokens()).isZero();
            });
  }

  @Test
  void anEngineThatFailsEndsTheStreamWithAnErrorAndWithoutDone() throws Exception {
    engine.answer(
        new GenerationEvent.Text("Bon", 1), new GenerationEvent.Finished(FinishReason.ERROR, 2, 1));

    String streamed = bodyOf(post(HI_STREAMED).expectStatus().isOk());
    assertThat(streamed).contains("\"type\":\"server_error\"").doesNotContain("[DONE]", "usage");
    assertThat(ledger.only().outcome()).isEqualTo(Outcome.ERROR);

    post(HI)
        .expectStatus()
        .isEqualTo(500)
        .expectBody()
        .jsonPath("$.type")
        .isEqualTo("server_error");
  }

  @Test
  void usageThatCouldNotBeRecordedIsNeverShown() {
    ledger.breakDown();

    assertThat(bodyOf(post(HI_STREAMED))).doesNotContain("usage", "[DONE]");
    assertThat(bodyOf(post(HI).expectStatus().isEqualTo(503))).doesNotContain("usage");
  }

  @Test
  void mapsWhatClientsSend() {
    post("""
    {"model":"tiny","temperature":0,"top_p":1.0,"max_completion_tokens":9,"seed":-5,
     "stop":["a","b"],"n":1,"safe_prompt":false,"tools":[],"tool_choice":"auto",
     "presence_penalty":0,"frequency_penalty":0.0,"response_format":{"type":"text"},
     "stream_options":{"include_usage":true},"user":"x","store":false,"metadata":null,
     "messages":[
       {"role":"system","content":"Be nice"},
       {"role":"user","content":[{"type":"text","text":"Hi"},{"type":"text","text":"you"}]},
       {"role":"assistant","content":"Yes?","tool_calls":[],"prefix":false},
       {"role":"user","content":null}]}\
    """)
        .expectStatus()
        .isOk();

    assertThat(engine.lastConversation())
        .containsExactly(
            new ChatMessage("system", "Be nice"),
            new ChatMessage("user", "Hi\n\nyou"),
            new ChatMessage("assistant", "Yes?"),
            new ChatMessage("user", ""));
    assertThat(engine.lastRequest().sampling())
        .satisfies(
            sampling -> {
              assertThat(sampling.temperature()).isZero();
              assertThat(sampling.maxTokens()).isEqualTo(9);
              assertThat(sampling.seed()).isEqualTo(-5);
              assertThat(sampling.stop()).containsExactly("a", "b");
            });
  }

  @Test
  void theSafePromptComesFirst() {
    post(HI.replace("\"model\"", "\"safe_prompt\":true,\"model\"")).expectStatus().isOk();
    assertThat(engine.lastConversation().getFirst())
        .satisfies(
            message -> {
              assertThat(message.role()).isEqualTo("system");
              assertThat(message.content()).startsWith("Always assist with care");
            });
  }

  @Test
  void takesBodiesInChunks() throws Exception {
    try (RawHttp http = RawHttp.postChunked(port, List.of(HI.substring(0, 9), HI.substring(9)))) {
      assertThat(http.awaitText("\"total_tokens\":5,")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void announcesDeprecatedModels() {
    post(HI.replace("tiny", "big"))
        .expectStatus()
        .isOk()
        .expectHeader()
        .valueEquals("x-model-deprecation-timestamp", "2027-01-01T00:00:00Z");
    post(HI).expectHeader().doesNotExist("x-model-deprecation-timestamp");
  }
}

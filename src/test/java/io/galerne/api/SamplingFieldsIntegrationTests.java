package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.FinishReason;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.GenerationRequest;
import io.galerne.engine.Submission;
import io.galerne.engine.TokenLogprobs;
import io.galerne.engine.TokenLogprobs.Candidate;
import io.galerne.engine.sampling.Adjustments;
import io.galerne.metering.UsageRecord.Outcome;
import io.galerne.serving.ScriptedGeneration;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How answers are drawn, how many there are, and what they tell of their tokens. */
class SamplingFieldsIntegrationTests extends ApiIntegrationTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static String with(String fields) {
    return "{\"model\":\"tiny\",%s,\"messages\":[{\"role\":\"user\",\"content\":\"two words\"}]}"
        .formatted(fields);
  }

  private JsonNode answer(String fields) {
    return JSON.readTree(bodyOf(post(with(fields)).expectStatus().isOk()));
  }

  @Test
  void theEngineGetsWhatWasAsked() {
    answer(
        """
        "presence_penalty":-2,"frequency_penalty":2,"repetition_penalty":1.3,"top_k":40,
        "min_p":0.05,"min_tokens":3,"logit_bias":{"5":-100,"07":1.5},"logprobs":true,
        "top_logprobs":20
        """);

    assertThat(engine.lastRequest().sampling().adjustments())
        .isEqualTo(new Adjustments(-2, 2, 1.3f, Map.of(5, -100f, 7, 1.5f), 3, 40, 0.05f));
    assertThat(engine.lastRequest().sampling().topLogprobs()).isEqualTo(20);

    answer("\"top_k\":-1,\"repetition_penalty\":1,\"logprobs\":false,\"top_logprobs\":0");
    assertThat(engine.lastRequest().sampling().adjustments()).isEqualTo(Adjustments.NONE);
    assertThat(engine.lastRequest().sampling().topLogprobs()).isNegative();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "n":8                    | "n":9
          "presence_penalty":2     | "presence_penalty":2.01
          "frequency_penalty":-2   | "frequency_penalty":-2.01
          "repetition_penalty":10  | "repetition_penalty":10.1
          "repetition_penalty":0.01 | "repetition_penalty":0.009
          "repetition_penalty":0.1 | "repetition_penalty":1e-60
          "top_k":-1               | "top_k":-2
          "top_k":1000000          | "top_k":1000001
          "min_p":1                | "min_p":1.01
          "min_tokens":0           | "min_tokens":-1
          "logprobs":true          | "logprobs":1
          "logprobs":true,"top_logprobs":20 | "logprobs":true,"top_logprobs":21
          "logit_bias":{"99":100}  | "logit_bias":{"99":100.5}
          "logit_bias":{}          | "logit_bias":{"x":1}
          "logit_bias":{"1":0}     | "logit_bias":{"1":"0"}
          "logit_bias":{"1":0}     | "logit_bias":5
          "service_tier":"auto"    | "service_tier":"gold"
          "prediction":{"type":"content","content":"x"} | "prediction":{"type":"content","content":7}
          "prompt_cache_key":"k"   | "prompt_cache_key":7
          "reasoning_effort":"none" | "reasoning_effort":"most"
          """)
  void boundsHoldAtTheBoundAndOnePast(String within, String past) {
    post(with(within)).expectStatus().isOk();
    String error = bodyOf(post(with(past)).expectStatus().isEqualTo(422));
    String field = past.substring(past.lastIndexOf("\"", past.indexOf(':') - 2) + 1);
    assertThat(error).contains("\"loc\":[\"body\"").doesNotContain("Internal");
    assertThat(field).isNotEmpty();
  }

  @Test
  void biasesAreAtMostThreeHundredAndOfTokensThatExist() {
    StringBuilder entries = new StringBuilder();
    for (int i = 0; i < SamplingFields.BIAS_ENTRIES_MAX; i++) {
      entries.append(i == 0 ? "" : ",").append('"').append("0".repeat(i / 100)).append(i % 100);
      entries.append("\":1");
    }
    post(with("\"logit_bias\":{" + entries + "}")).expectStatus().isOk();
    assertThat(
            bodyOf(
                post(with("\"logit_bias\":{" + entries + ",\"0001\":1}"))
                    .expectStatus()
                    .isEqualTo(422)))
        .contains("too_long");
    assertThat(bodyOf(post(with("\"logit_bias\":{\"100\":1}")).expectStatus().isEqualTo(400)))
        .contains("\"param\":\"logit_bias\"", "100 is not a token");
    assertThat(ledger.records()).hasSize(1);
  }

  @Test
  void likeliestTokensWithoutProbabilitiesAreRefused() {
    assertThat(bodyOf(post(with("\"top_logprobs\":1")).expectStatus().isEqualTo(400)))
        .contains("\"param\":\"top_logprobs\"");
  }

  @Test
  void everyChoiceHasItsSeedItsIndexAndTheLedgerOneLine() {
    List<Long> seeds = new CopyOnWriteArrayList<>();
    List<Boolean> led = new CopyOnWriteArrayList<>();
    engine.script(
        request -> {
          seeds.add(request.sampling().seed());
          led.add(request.leader() != null);
          return said("word " + seeds.size(), seeds.size());
        });

    JsonNode answer = answer("\"n\":3,\"random_seed\":41");

    assertThat(answer.path("choices").valueStream().map(choice -> choice.path("index").asInt()))
        .containsExactly(0, 1, 2);
    assertThat(
            answer
                .path("choices")
                .valueStream()
                .map(choice -> choice.path("message").path("content").asString()))
        .containsExactly("word 1", "word 2", "word 3");
    assertThat(answer.path("usage").path("prompt_tokens").asInt()).isEqualTo(2);
    assertThat(answer.path("usage").path("completion_tokens").asInt()).isEqualTo(6);
    assertThat(seeds).doesNotHaveDuplicates().startsWith(41L);
    assertThat(led).containsExactly(false, true, true);
  }

  private static Submission said(String text, int tokens) {
    ScriptedGeneration generation = new ScriptedGeneration();
    generation.emit(new GenerationEvent.Text(text, tokens));
    generation.emit(new GenerationEvent.Finished(FinishReason.STOP, 2, tokens));
    return new Submission.Accepted(generation);
  }

  @Test
  void choicesOfAStreamComeAsTheyAreAndUsageWithTheLast() throws Exception {
    List<ScriptedGeneration> running = new CopyOnWriteArrayList<>();
    engine.script(_ -> start(running));
    try (RawHttp http = RawHttp.post(port, with("\"n\":2,\"stream\":true"))) {
      http.awaitText("\"index\":1,\"delta\":{\"role\":\"assistant\"");
      running.get(1).emit(new GenerationEvent.Text("second", 1));
      http.awaitText("second");
      running.get(0).emit(new GenerationEvent.Text("first", 1));
      http.awaitText("first");
      running.get(0).emit(new GenerationEvent.Finished(FinishReason.LENGTH, 2, 1));
      assertThat(http.awaitText("\"finish_reason\":\"length\"")).doesNotContain("usage");
      running.get(1).emit(new GenerationEvent.Finished(FinishReason.STOP, 2, 1));
      assertThat(http.awaitText("[DONE]"))
          .containsSubsequence(
              "\"index\":1,\"delta\":{\"content\":\"second\"}",
              "\"index\":0,\"delta\":{\"content\":\"first\"}",
              "\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"length\"}]}",
              "\"index\":1,\"delta\":{\"content\":\"\"},\"finish_reason\":\"stop\"}],\"usage\":",
              "\"completion_tokens\":2");
    }
    assertThat(ledger.only().completionTokens()).isEqualTo(2);
  }

  private static Submission start(List<ScriptedGeneration> running) {
    ScriptedGeneration generation = new ScriptedGeneration();
    running.add(generation);
    return new Submission.Accepted(generation);
  }

  @Test
  void aClientThatHangsUpEndsAllChoices() throws Exception {
    List<ScriptedGeneration> running = new CopyOnWriteArrayList<>();
    engine.script(_ -> start(running));
    try (RawHttp http = RawHttp.post(port, with("\"n\":3,\"stream\":true"))) {
      http.awaitText("\"index\":2");
      running.get(2).emit(new GenerationEvent.Text("something", 4));
      http.awaitText("something");
    }
    for (ScriptedGeneration generation : running) {
      generation.awaitCancelled();
    }
    assertThat(ledger.only())
        .satisfies(
            usage -> {
              assertThat(usage.outcome()).isEqualTo(Outcome.DISCONNECTED);
              assertThat(usage.completionTokens()).isEqualTo(4);
            });
  }

  @Test
  void choicesForWhichThereIsNoRoomEndThoseThatHadSome() throws Exception {
    List<ScriptedGeneration> running = new CopyOnWriteArrayList<>();
    engine.script(request -> isFirst(request) ? start(running) : new Submission.QueueFull(9));

    post(with("\"n\":2")).expectStatus().isEqualTo(503);

    running.getFirst().awaitCancelled();
    assertThat(ledger.records()).isEmpty();
  }

  private static boolean isFirst(GenerationRequest request) {
    return request.leader() == null;
  }

  @Test
  void probabilitiesAreToldAsTheNewestClientsReadThem() {
    Candidate drawn = new Candidate(7, new byte[] {(byte) 0xc3}, -0.25);
    Candidate other = new Candidate(9, new byte[] {'a'}, -3);
    engine.answer(
        new GenerationEvent.Text(
            "\u00e9", 1, List.of(new TokenLogprobs(drawn, List.of(drawn, other)))),
        new GenerationEvent.Finished(FinishReason.STOP, 2, 1));

    String expected =
        """
        "logprobs":{"content":[{"token":"\ufffd","logprob":-0.25,"bytes":[195],"token_id":7,\
        "top_logprobs":[{"token":"\ufffd","logprob":-0.25,"bytes":[195],"token_id":7},\
        {"token":"a","logprob":-3.0,"bytes":[97],"token_id":9}]}]},"finish_reason":\
        """;
    assertThat(bodyOf(post(with("\"logprobs\":true,\"top_logprobs\":2")))).contains(expected);
    engine.answer(
        new GenerationEvent.Text(
            "\u00e9", 1, List.of(new TokenLogprobs(drawn, List.of(drawn, other)))),
        new GenerationEvent.Finished(FinishReason.STOP, 2, 1));
    String streamed = bodyOf(post(with("\"stream\":true,\"logprobs\":true,\"top_logprobs\":2")));
    // the test's client doesn't know that events are always UTF-8
    assertThat(new String(streamed.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
        .contains("\"delta\":{\"content\":\"\u00e9\"}," + expected + "null");
    assertThat(bodyOf(post(with("\"top_p\":1")))).doesNotContain("logprobs");
  }
}

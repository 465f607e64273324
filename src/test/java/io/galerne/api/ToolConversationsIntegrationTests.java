package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.Constraint;
import io.galerne.engine.FinishReason;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.OutputFormat;
import io.galerne.engine.ToolChoice;
import io.galerne.engine.template.ChatMessage;
import io.galerne.engine.template.ToolCall;
import io.galerne.engine.template.ToolDefinition;
import io.galerne.metering.UsageRecord.Outcome;
import io.galerne.serving.ScriptedGeneration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How tools, calls, results and formats get to the engine, and calls to the client. */
class ToolConversationsIntegrationTests extends ApiIntegrationTest {
  private static final String TOOLS =
      """
      "tools":[{"type":"function","function":{"name":"weather","description":"Tells it",\
      "parameters":{"type":"object","properties":{"city":{"maxLength":1.5e1}}}}},\
      {"type":"function","function":{"name":"time"}}]\
      """;
  private static final List<ToolDefinition> DEFINITIONS =
      List.of(
          new ToolDefinition(
              "weather",
              "Tells it",
              "{\"type\":\"object\",\"properties\":{\"city\":{\"maxLength\":15}}}"),
          new ToolDefinition("time", "", "{\"type\":\"object\",\"properties\":{}}"));
  private static final ToolCall WEATHER =
      new ToolCall("D681PevKs", "weather", "{\"city\":\"Par\\\"is\"}");
  private static final ToolCall TIME = new ToolCall("abcDEF123", "time", "{}");
  private static final String CALLS_ON_THE_WIRE =
      """
      "content":"","tool_calls":[{"id":"D681PevKs","type":"function","function":\
      {"name":"weather","arguments":"{\\"city\\":\\"Par\\\\\\"is\\"}"},"index":0},\
      {"id":"abcDEF123","type":"function","function":{"name":"time","arguments":"{}"},"index":1}]\
      """;
  private static final String USAGE =
      """
      "usage":{"prompt_tokens":2,"completion_tokens":19,"total_tokens":21,\
      "prompt_tokens_details":{"cached_tokens":1}}\
      """;

  private static String asking(String fields) {
    return "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"two words\"}],%s}"
        .formatted(fields);
  }

  private OutputFormat format() {
    Constraint constraint = engine.lastRequest().constraint();
    return constraint == null ? new OutputFormat.FreeText() : constraint.format();
  }

  private void answerWithCalls() {
    engine.answer(
        new GenerationEvent.ToolCall(WEATHER, 9),
        new GenerationEvent.ToolCall(TIME, 8),
        new GenerationEvent.Finished(FinishReason.TOOL_CALLS, 2, 1, 19));
  }

  @Test
  void callsComeWithNoContent() throws Exception {
    answerWithCalls();
    assertThat(bodyOf(post(asking(TOOLS)).expectStatus().isOk()))
        .contains(
            "{\"role\":\"assistant\"," + CALLS_ON_THE_WIRE + ",\"prefix\":false}",
            "\"finish_reason\":\"tool_calls\"",
            USAGE);
    assertThat(ledger.only())
        .satisfies(
            usage -> {
              assertThat(usage.outcome()).isEqualTo(Outcome.STOP);
              assertThat(usage.completionTokens()).isEqualTo(19);
            });
  }

  @Test
  void callsAreStreamedWholeInTheLastChunk() throws Exception {
    answerWithCalls();
    String body = bodyOf(post(asking("\"stream\":true," + TOOLS)).expectStatus().isOk());
    List<String> events = body.lines().filter(line -> !line.isEmpty()).toList();
    assertThat(events).hasSize(3);
    assertThat(events.get(0)).contains("\"delta\":{\"role\":\"assistant\",\"content\":\"\"}");
    assertThat(events.get(1))
        .contains(
            "\"delta\":{" + CALLS_ON_THE_WIRE + "},\"finish_reason\":\"tool_calls\"}]," + USAGE);
    assertThat(events.get(2)).isEqualTo("data: [DONE]");
    assertThat(ledger.only().completionTokens()).isEqualTo(19);
  }

  @Test
  void textBeforeCallsIsStreamedAsItComes() throws Exception {
    engine.answer(
        new GenerationEvent.Text("Let me see.", 3),
        new GenerationEvent.ToolCall(WEATHER, 9),
        new GenerationEvent.Finished(FinishReason.LENGTH, 2, 14));
    String body = bodyOf(post(asking("\"stream\":true,\"max_tokens\":14," + TOOLS)));
    assertThat(body)
        .contains("\"delta\":{\"content\":\"Let me see.\"}", "\"finish_reason\":\"length\"");
    assertThat(body.indexOf("D681PevKs")).isGreaterThan(body.indexOf("Let me see."));
    assertThat(ledger.only().outcome()).isEqualTo(Outcome.LENGTH);
  }

  @Test
  void aClientThatHangsUpBeforeTheEndIsNotChargedForCalls() throws Exception {
    ScriptedGeneration generation = engine.answer(new ScriptedGeneration());
    generation.emit(new GenerationEvent.Text("Let me see.", 3));
    generation.emit(new GenerationEvent.ToolCall(WEATHER, 9));
    try (RawHttp http = RawHttp.post(port, asking("\"stream\":true," + TOOLS))) {
      http.awaitText(": ping");
    }
    generation.awaitCancelled();
    assertThat(ledger.only())
        .satisfies(
            usage -> {
              assertThat(usage.outcome()).isEqualTo(Outcome.DISCONNECTED);
              assertThat(usage.completionTokens()).isEqualTo(3);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "auto"     | Auto[]
          null       | Auto[]
          "any"      | Any[]
          "required" | Any[]
          {"type":"function","function":{"name":"time"}} | Named[name=time]
          """)
  void theChoiceAndTheToolsGetToTheEngine(String choice, String expected) {
    post(asking("\"tool_choice\":" + choice + ",\"parallel_tool_calls\":false," + TOOLS))
        .expectStatus()
        .isOk();
    assertThat(format())
        .isInstanceOfSatisfying(
            OutputFormat.ToolCalls.class,
            calls -> {
              assertThat(calls.tools()).isEqualTo(DEFINITIONS);
              assertThat(calls.choice()).hasToString(expected);
              assertThat(calls.parallel()).isFalse();
            });
    assertThat(engine.lastPrompt().tools()).isEqualTo(DEFINITIONS);
  }

  @Test
  void noneIsNoTools() {
    post(asking("\"tool_choice\":\"none\"," + TOOLS)).expectStatus().isOk();
    assertThat(format()).isEqualTo(new OutputFormat.FreeText());
    assertThat(engine.lastPrompt().tools()).isEmpty();
  }

  @Test
  void callsMayBeManyUnlessTheRequestSaysOtherwise() {
    post(asking(TOOLS)).expectStatus().isOk();
    assertThat(format())
        .isEqualTo(new OutputFormat.ToolCalls(DEFINITIONS, new ToolChoice.Auto(), true));
  }

  @Test
  void aFormatGetsToTheEngine() {
    post(asking("\"response_format\":{\"type\":\"json_object\"}")).expectStatus().isOk();
    assertThat(format()).isEqualTo(new OutputFormat.JsonObject());
    assertThat(engine.lastConversation()).hasSize(1);

    post(asking("\"response_format\":{\"type\":\"text\"}")).expectStatus().isOk();
    assertThat(format()).isEqualTo(new OutputFormat.FreeText());
  }

  @Test
  void aSchemaGetsToTheEngineAsItIsWrittenAndToTheModel() {
    String schema =
        "{\"properties\":{\"b\":{\"multipleOf\":0.1},\"a\":{\"maximum\":123456789012345678901}}}";
    for (boolean strict : new boolean[] {true, false}) {
      post(asking(
              """
              "response_format":{"type":"json_schema","json_schema":{"name":"x","strict":%s,\
              "description":"d","schema":%s}}\
              """
                  .formatted(strict, schema)))
          .expectStatus()
          .isOk();
      assertThat(format()).isEqualTo(new OutputFormat.JsonSchema(schema));
      assertThat(engine.lastConversation())
          .containsExactly(
              new ChatMessage(
                  "system",
                  "Your output should be an instance of a JSON object following this schema: "
                      + schema),
              new ChatMessage("user", "two words"));
    }
  }

  @Test
  void aForcedCallNeedsNoFormatForItsText() {
    String json = "\"response_format\":{\"type\":\"json_object\"},";
    post(asking(json + "\"tool_choice\":\"any\"," + TOOLS)).expectStatus().isOk();
    assertThat(format()).isInstanceOf(OutputFormat.ToolCalls.class);
    post(asking(json + "\"tool_choice\":\"none\"," + TOOLS)).expectStatus().isOk();
    assertThat(format()).isEqualTo(new OutputFormat.JsonObject());
  }

  @Test
  void callsAndResultsOfOtherPlatformsKeepTogether() {
    post("""
    {"model":"tiny","messages":[
      {"role":"user","content":"two words"},
      {"role":"assistant","content":null,"tool_calls":[
        {"id":"call_0123456789abcdef","type":"function",
         "function":{"name":"weather","arguments":{"city": "Paris"}}},
        {"id":"D681PevKs","type":"function","function":{"name":"time","arguments":"{}"}},
        {"id":"null","function":{"name":"time","arguments":"oops"}}]},
      {"role":"tool","tool_call_id":"D681PevKs","content":"noon"},
      {"role":"tool","tool_call_id":"call_0123456789abcdef","name":"weather",
       "content":[{"type":"text","text":"rain"},{"type":"text","text":"wind"}]},
      {"role":"tool","content":""}]}\
    """)
        .expectStatus()
        .isOk();

    List<ChatMessage> messages = engine.lastConversation();
    List<ToolCall> calls = messages.get(1).toolCalls();
    assertThat(calls).extracting(ToolCall::id).allMatch(id -> id.matches("[a-zA-Z0-9]{9}"));
    assertThat(calls).extracting(ToolCall::id).doesNotHaveDuplicates().contains("D681PevKs");
    assertThat(calls)
        .extracting(ToolCall::arguments)
        .containsExactly("{\"city\":\"Paris\"}", "{}", "oops");
    assertThat(messages.subList(2, 5))
        .containsExactly(
            ChatMessage.result("noon", "D681PevKs", "time"),
            ChatMessage.result("rain\n\nwind", calls.get(0).id(), "weather"),
            ChatMessage.result("", calls.get(2).id(), "time"));
  }

  @Test
  void anIdOfAnotherPlatformIsAlwaysTheSameHere() {
    assertThat(ToolResults.ownId("call_0123456789abcdef"))
        .isEqualTo(ToolResults.ownId("call_0123456789abcdef"))
        .isNotEqualTo(ToolResults.ownId("call_0123456789abcdee"))
        .matches("[a-zA-Z0-9]{9}");
    assertThat(ToolResults.ownId("abcDEF123")).isEqualTo("abcDEF123");
  }

  @Test
  void anAnswerBeginsWithItsPrefix() {
    String body =
        """
        {"model":"tiny","messages":[{"role":"user","content":"two words"},
         {"role":"assistant","content":"Dear Sir, ","prefix":true}]}\
        """;
    assertThat(bodyOf(post(body).expectStatus().isOk()))
        .contains("\"content\":\"Dear Sir, Bonjour tout le monde\"", "\"completion_tokens\":3");
    assertThat(engine.lastConversation().getLast()).isEqualTo(ChatMessage.prefix("Dear Sir, "));

    String streamed = bodyOf(post(body.replace("\"model\"", "\"stream\":true,\"model\"")));
    assertThat(streamed).contains("\"delta\":{\"content\":\"Dear Sir, \"}");
    assertThat(streamed.indexOf("Dear Sir")).isLessThan(streamed.indexOf("Bonjour"));
  }
}

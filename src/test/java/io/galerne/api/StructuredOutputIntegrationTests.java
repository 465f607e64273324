package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.galerne.GalerneApplication;
import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.TenantRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Schemas and tools on the whole application with the bundled model, which is small and would
 * rather write prose. Another validator judges; the ledger must have what clients were told.
 */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestDatabase.class)
class StructuredOutputIntegrationTests {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String PERSON =
      """
      {"type":"object","additionalProperties":false,"required":["name","age","tags"],"properties":{
       "name":{"type":"string","maxLength":12},"age":{"type":"integer","minimum":1,"maximum":120},
       "tags":{"type":"array","items":{"enum":["a","b","c"]},"minItems":1,"maxItems":2}}}\
      """;
  private static final String WEATHER =
      """
      {"type":"object","additionalProperties":false,"required":["city","unit"],"properties":{
       "city":{"type":"string","maxLength":20},"unit":{"enum":["celsius","fahrenheit"]}}}\
      """;
  private static final String TIME =
      """
      {"type":"object","additionalProperties":false,"required":["zone"],"properties":{
       "zone":{"type":"string","pattern":"^[A-Z]{3}$"}}}\
      """;
  private static final String TOOLS =
      """
      "tools":[{"type":"function","function":{"name":"weather",
       "description":"The weather of a city.","parameters":%s}},
       {"type":"function","function":{"name":"time","description":"The time.","parameters":%s}}]\
      """
          .formatted(WEATHER, TIME);

  private static final String PERSON_FORMAT =
      "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":"
          + PERSON
          + "}}";

  /** An answer, however it came. */
  private record Heard(String content, List<JsonNode> calls, String finishReason, JsonNode usage) {}

  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;
  @Autowired TenantTransactions transactions;
  @Autowired JdbcClient jdbc;

  private final UUID tenant = UUID.randomUUID();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> told = new ArrayList<>();
  private String key = "";

  @BeforeEach
  void issueAKey() {
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "Structured");
    registry.registerWorkspace(tenant, workspace, "Structured");
    key = keys.issue(tenant, workspace, "structured", null).secret();
  }

  @AfterEach
  void theLedgerHasWhatClientsWereTold() {
    assertThat(ledger()).containsExactlyInAnyOrderElementsOf(told);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerIsADocumentOfTheSchema(boolean stream) throws Exception {
    for (int seed = 0; seed < 2; seed++) {
      for (boolean strict : new boolean[] {true, false}) {
        Heard answer =
            ask(
                stream,
                seed,
                """
                "response_format":{"type":"json_schema","json_schema":{"name":"person",\
                "strict":%s,"schema":%s}}\
                """
                    .formatted(strict, PERSON));
        assertThat(answer.finishReason()).isEqualTo("stop");
        assertValid(PERSON, answer.content());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerIsAJsonObject(boolean stream) throws Exception {
    Heard answer = ask(stream, 1, "\"response_format\":{\"type\":\"json_object\"}");
    assertThat(answer.content()).startsWith("{");
    if (answer.finishReason().equals("stop")) {
      assertValid("{\"type\":\"object\"}", answer.content());
    } else {
      assertThat(answer.finishReason()).isEqualTo("length");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "any"      | true
          "any"      | false
          "required" | true
          {"type":"function","function":{"name":"time"}} | true
          {"type":"function","function":{"name":"time"}} | false
          """)
  void aForcedCallIsWholeAndValid(String choice, boolean stream) throws Exception {
    for (int seed = 0; seed < 2; seed++) {
      Heard answer =
          ask(
              stream,
              seed,
              "\"parallel_tool_calls\":false,\"tool_choice\":" + choice + "," + TOOLS);
      assertThat(answer.finishReason()).isEqualTo("tool_calls");
      assertThat(answer.content()).isEmpty();
      assertThat(answer.calls()).hasSize(1);
      assertCalls(answer);
      if (choice.contains("time")) {
        assertThat(answer.calls().getFirst().at("/function/name").asString()).isEqualTo("time");
      }
    }
  }

  @Test
  void callsMayBeSeveralAndAreNumbered() throws Exception {
    for (int seed = 0; seed < 2; seed++) {
      assertCalls(ask(true, seed, "\"tool_choice\":\"any\"," + TOOLS));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whetherToCallIsForTheModel(boolean stream) throws Exception {
    Heard answer = ask(stream, 1, TOOLS);
    assertCalls(answer);
    assertThat(answer.finishReason())
        .isIn(
            answer.calls().isEmpty() ? List.of("stop", "length") : List.of("tool_calls", "length"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerThatCallsNothingKeepsItsFormat(boolean stream) throws Exception {
    Heard answer = ask(stream, 1, "\"parallel_tool_calls\":false," + TOOLS + "," + PERSON_FORMAT);
    if (answer.finishReason().equals("tool_calls")) {
      assertThat(answer.content()).isEmpty();
      assertThat(answer.calls()).isNotEmpty();
      assertCalls(answer);
    } else {
      assertThat(answer.finishReason()).isEqualTo("stop");
      assertThat(answer.calls()).isEmpty();
      assertValid(PERSON, answer.content());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDocumentGoesOnWithItsPrefix(boolean stream) throws Exception {
    String prefix = "{\"name\": \"Ad";
    String history =
        """
        {"role":"user","content":"Who lives in Paris?"},
        {"role":"assistant","prefix":true,"content":"%s"}\
        """
            .formatted(prefix.replace("\"", "\\\""));
    Heard answer = exchange(stream, 1, history, PERSON_FORMAT, 160);
    assertThat(answer.finishReason()).isEqualTo("stop");
    assertThat(answer.content()).startsWith(prefix);
    assertValid(PERSON, answer.content());
  }

  @Test
  void noneIsText() throws Exception {
    Heard answer = ask(false, 1, "\"tool_choice\":\"none\"," + TOOLS);
    assertThat(answer.calls()).isEmpty();
    assertThat(answer.content()).isNotEmpty();
  }

  @Test
  void anAnswerThatIsCutSaysSo() throws Exception {
    for (String fields :
        List.of(
            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":"
                + PERSON
                + "}}",
            "\"tool_choice\":\"any\"," + TOOLS)) {
      Heard answer = ask(true, 1, fields, 5);
      assertThat(answer.finishReason()).isEqualTo("length");
      assertThat(answer.calls()).isEmpty();
      assertThat(answer.usage().get("completion_tokens").intValue()).isEqualTo(5);
    }
  }

  @Test
  void resultsLeadToAnAnswer() throws Exception {
    Heard asked = ask(false, 1, "\"parallel_tool_calls\":false,\"tool_choice\":\"any\"," + TOOLS);
    JsonNode call = asked.calls().getFirst();
    String history =
        """
        {"role":"user","content":"What is the weather in Paris?"},
        {"role":"assistant","content":"","tool_calls":[%s]},
        {"role":"tool","tool_call_id":"%s","name":"%s","content":"It rains."}\
        """
            .formatted(call, call.get("id").asString(), call.at("/function/name").asString());
    Heard answer = exchange(false, 1, history, TOOLS + ",\"tool_choice\":\"none\"", 48);
    assertThat(answer.content()).isNotBlank();
    assertThat(answer.calls()).isEmpty();
    String foreign = history.replace(call.get("id").asString(), "call_0123456789abcdefghijklmn");
    assertThat(exchange(true, 1, foreign, TOOLS, 48).usage().get("prompt_tokens").intValue())
        .isGreaterThan(asked.usage().get("prompt_tokens").intValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"object","properties":{"a":{"type":"array","uniqueItems":true}}} | unsupported | #/properties/a/uniqueItems
          {"$ref":"https://example.com/person.json"} | remote_reference | #/$ref
          {"type":"string","minLength":2,"maxLength":1} | unsatisfiable | #
          {"type":"string","pattern":"("} | malformed | #/pattern
          """)
  void whatCanNotBeEnforcedIsRefused(String schema, String code, String place) throws Exception {
    HttpResponse<String> response =
        send(
            false,
            1,
            "{\"role\":\"user\",\"content\":\"Hi\"}",
            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":"
                + schema
                + "}}",
            9);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    JsonNode error = JSON.readTree(response.body());
    assertThat(error.get("type").asString()).isEqualTo("invalid_request_schema");
    assertThat(error.get("code").asString()).as(response.body()).isEqualTo(code);
    assertThat(error.get("param").asString())
        .startsWith("response_format.json_schema.schema" + place);
  }

  private void assertCalls(Heard answer) {
    for (int i = 0; i < answer.calls().size(); i++) {
      JsonNode call = answer.calls().get(i);
      assertThat(call.get("id").asString()).matches("[a-zA-Z0-9]{9}");
      assertThat(call.get("index").intValue()).isEqualTo(i);
      String name = call.at("/function/name").asString();
      assertThat(name).isIn("weather", "time");
      assertValid(
          name.equals("time") ? TIME : WEATHER, call.at("/function/arguments").stringValue());
    }
  }

  private static void assertValid(String schema, String document) {
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(document, InputFormat.JSON))
        .as(document)
        .isEmpty();
  }

  private Heard ask(boolean stream, int seed, String fields) throws Exception {
    return ask(stream, seed, fields, 160);
  }

  private Heard ask(boolean stream, int seed, String fields, int maxTokens) throws Exception {
    String question = "{\"role\":\"user\",\"content\":\"Tell me about Ada, who lives in Paris.\"}";
    return exchange(stream, seed, question, fields, maxTokens);
  }

  private Heard exchange(boolean stream, int seed, String messages, String fields, int maxTokens)
      throws Exception {
    HttpResponse<String> response = send(stream, seed, messages, fields, maxTokens);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    Heard heard = stream ? streamed(response.body()) : whole(JSON.readTree(response.body()));
    told.add(heard.usage().get("prompt_tokens") + "+" + heard.usage().get("completion_tokens"));
    return heard;
  }

  private HttpResponse<String> send(
      boolean stream, int seed, String messages, String fields, int maxTokens)
      throws IOException, InterruptedException {
    String body =
        """
        {"model":"mistral-tiny","stream":%s,"max_tokens":%d,"temperature":1,"random_seed":%d,
         "messages":[%s],%s}\
        """
            .formatted(stream, maxTokens, seed, messages, fields);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
            .timeout(Duration.ofMinutes(2))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static Heard whole(JsonNode body) {
    JsonNode choice = body.at("/choices/0");
    return new Heard(
        choice.at("/message/content").stringValue(),
        calls(choice.at("/message/tool_calls")),
        choice.get("finish_reason").asString(),
        body.get("usage"));
  }

  /** Calls may only be in the last chunk, the one that has the reason of the end and the usage. */
  private static Heard streamed(String events) {
    assertThat(events).endsWith("data: [DONE]\n\n");
    List<JsonNode> chunks =
        events
            .lines()
            .filter(line -> line.startsWith("data: {"))
            .map(line -> JSON.readTree(line.substring("data: ".length())))
            .toList();
    StringBuilder content = new StringBuilder();
    for (int i = 0; i < chunks.size(); i++) {
      JsonNode chunk = chunks.get(i);
      content.append(chunk.at("/choices/0/delta/content").stringValue());
      boolean isLast = i == chunks.size() - 1;
      assertThat(chunk.has("usage")).isEqualTo(isLast);
      assertThat(chunk.at("/choices/0/finish_reason").isString()).isEqualTo(isLast);
      assertThat(chunk.at("/choices/0/delta").has("tool_calls") && !isLast).isFalse();
    }
    JsonNode last = chunks.getLast();
    return new Heard(
        content.toString(),
        calls(last.at("/choices/0/delta/tool_calls")),
        last.at("/choices/0/finish_reason").asString(),
        last.get("usage"));
  }

  private static List<JsonNode> calls(JsonNode calls) {
    return calls.isArray() ? calls.valueStream().toList() : List.of();
  }

  private List<String> ledger() {
    return transactions.inTenant(
        tenant,
        () ->
            jdbc.sql("select prompt_tokens || '+' || completion_tokens from usage_event")
                .query(String.class)
                .list());
  }
}

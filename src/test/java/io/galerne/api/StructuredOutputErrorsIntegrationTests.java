package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.OutputFormat;
import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.engine.grammar.bounds.GrammarException.Kind;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.TestPropertySource;

/** Every way to be refused for tools, their calls and results, and formats of answers. */
@TestPropertySource(properties = {"galerne.api.schema-max=200B", "galerne.api.tools-max=300B"})
class StructuredOutputErrorsIntegrationTests extends ApiIntegrationTest {
  private static final String USER = "{\"role\":\"user\",\"content\":\"two words\"}";
  private static final String CALL =
      "{\"id\":\"123456789\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}";

  private static String withField(String field) {
    return "{\"model\":\"tiny\",\"messages\":[" + USER + "]," + field + "}";
  }

  private static String withMessages(String messages) {
    return "{\"model\":\"tiny\",\"messages\":["
        + messages.replace("USER", USER).replace("CALL", CALL)
        + "]}";
  }

  private static String tool(String name) {
    return "{\"type\":\"function\",\"function\":{\"name\":\"%s\",\"parameters\":{}}}"
        .formatted(name);
  }

  private static String tools(int count) {
    return "\"tools\":"
        + IntStream.range(0, count)
            .mapToObj(i -> tool("f" + i))
            .collect(Collectors.joining(",", "[", "]"));
  }

  private static String schema(String schema) {
    return "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":"
        + schema
        + "}}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "tools":{}                       | list_type | ["body","tools"]
          "tools":["f"]                    | model_attributes_type | ["body","tools",0]
          "tools":[{"type":"function"}]    | missing   | ["body","tools",0,"function"]
          "tools":[{"type":"web_search"}]  | enum      | ["body","tools",0,"type"]
          "tools":[{"function":{}}]        | missing   | ["body","tools",0,"function","name"]
          "tools":[{"function":{"name":"a b"}}] | string_pattern_mismatch | ["body","tools",0,"function","name"]
          "tools":[{"function":{"name":""}}] | string_pattern_mismatch | ["body","tools",0,"function","name"]
          "tools":[{"function":{"name":"f","parameters":[]}}] | dict_type | ["body","tools",0,"function","parameters"]
          "tools":[{"function":{"name":"f","description":7}}] | string_type | ["body","tools",0,"function","description"]
          "tools":[{"function":{"name":"f","strict":"no"}}] | bool_type | ["body","tools",0,"function","strict"]
          "tool_choice":"some"             | enum      | ["body","tool_choice"]
          "tool_choice":7                  | enum      | ["body","tool_choice"]
          "tool_choice":{"type":"tool"}    | enum      | ["body","tool_choice","type"]
          "tool_choice":{"type":"function"} | missing  | ["body","tool_choice","function"]
          "tool_choice":{"function":{}}    | missing   | ["body","tool_choice","function","name"]
          "parallel_tool_calls":"yes"      | bool_type | ["body","parallel_tool_calls"]
          "response_format":"json"         | model_attributes_type | ["body","response_format"]
          "response_format":{"type":"xml"} | enum      | ["body","response_format","type"]
          "response_format":{"type":null}  | enum      | ["body","response_format","type"]
          "response_format":{"type":"json_schema"} | missing | ["body","response_format","json_schema"]
          "response_format":{"type":"json_schema","json_schema":{"schema":{}}} | missing | ["body","response_format","json_schema","name"]
          "response_format":{"type":"json_schema","json_schema":{"name":"x"}} | missing | ["body","response_format","json_schema","schema"]
          "response_format":{"type":"json_schema","json_schema":{"name":"x","schema":true}} | dict_type | ["body","response_format","json_schema","schema"]
          "response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{},"strict":1}} | bool_type | ["body","response_format","json_schema","strict"]
          """)
  void aFieldOfTheWrongShapeIsNamed(String field, String type, String loc) {
    assertUnprocessable(withField(field), type, loc);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          USER,{"role":"assistant","tool_calls":{}}      | list_type | ["body","messages",1,"assistant","tool_calls"]
          USER,{"role":"assistant","tool_calls":[7]}     | model_attributes_type | ["body","messages",1,"assistant","tool_calls",0]
          USER,{"role":"assistant","tool_calls":[{"id":7,"function":{"name":"f","arguments":"{}"}}]} | string_type | ["body","messages",1,"assistant","tool_calls",0,"id"]
          USER,{"role":"assistant","tool_calls":[{}]}    | missing | ["body","messages",1,"assistant","tool_calls",0,"function"]
          USER,{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]} | missing | ["body","messages",1,"assistant","tool_calls",0,"function","arguments"]
          USER,{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":7}}]} | string_type | ["body","messages",1,"assistant","tool_calls",0,"function","arguments"]
          USER,{"role":"assistant","tool_calls":[CALL]},{"role":"tool"} | missing | ["body","messages",2,"tool","content"]
          USER,{"role":"assistant","tool_calls":[CALL]},{"role":"tool","content":"x","tool_call_id":7} | string_type | ["body","messages",2,"tool","tool_call_id"]
          """)
  void aMessageOfTheWrongShapeIsNamed(String messages, String type, String loc) {
    assertUnprocessable(withMessages(messages), type, loc);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          USER,{"role":"assistant","tool_calls":[CALL]},USER | invalid_request_message_order | 3230 | Not the same number of function calls and responses
          USER,{"role":"assistant","tool_calls":[CALL,{"function":{"name":"g","arguments":""}}]},{"role":"tool","content":"x"} | invalid_request_message_order | 3230 | Not the same number of function calls and responses
          USER,{"role":"assistant","tool_calls":[CALL]},{"role":"tool","content":"x"},{"role":"tool","content":"x"} | invalid_request_message_order | 3230 | Not the same number of function calls and responses
          USER,{"role":"assistant","tool_calls":[CALL],"prefix":true} | invalid_request_message_order | 3230 | Not the same number of function calls and responses
          USER,{"role":"assistant","content":"a","prefix":true},USER | invalid_request_message_order | 3230 | Assistant message with prefix True must be last message
          USER,{"role":"assistant","tool_calls":[CALL]},{"role":"tool","content":"x","tool_call_id":"other"} | invalid_function_call | 3280 | Unexpected tool call id other in tool results
          USER,{"role":"assistant","tool_calls":[CALL,CALL]},{"role":"tool","content":"x"} | invalid_function_call | 3280 | Duplicate tool call id 123456789 in assistant message
          USER,{"role":"assistant","tool_calls":[{"function":{"name":"a b","arguments":""}}]},{"role":"tool","content":"x"} | invalid_function_call | 3280 | Function name was a b but must be a-z, A-Z, 0-9, or contain underscores and dashes, with a maximum length of 64.
          """)
  void callsAndResultsMustBelongTogether(
      String messages, String type, String code, String message) {
    post(withMessages(messages))
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.type")
        .isEqualTo(type)
        .jsonPath("$.code")
        .isEqualTo(code)
        .jsonPath("$.message")
        .isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "tool_choice":"any"                    | invalid_request_error | tool_choice
          "tool_choice":"required","tools":[]    | invalid_request_error | tool_choice
          "tools":[TOOL],"tool_choice":{"type":"function","function":{"name":"g"}} | invalid_request_error | tool_choice
          "stop":"}","response_format":{"type":"json_object"} | unsupported_parameter | stop
          "response_format":{"type":"json_object","schema":{}} | invalid_request_error | response_format.schema
          "response_format":{"type":"text","json_schema":{"name":"x","schema":{}}} | invalid_request_error | response_format.json_schema
          """)
  void whatDoesNotGoTogetherIsNamed(String field, String type, String param) {
    assertBadRequest(withField(field.replace("TOOL", tool("f"))), type, param);
  }

  @Test
  void aStopTextOnlyEndsText() {
    post(withField("\"stop\":[],\"response_format\":{\"type\":\"json_object\"}"))
        .expectStatus()
        .isOk();
    post(withField("\"stop\":\"}\",\"tool_choice\":\"any\"," + tools(1))).expectStatus().isOk();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"properties":{"a":{"type":"array","uniqueItems":true}}} | unsupported | #/properties/a/uniqueItems
          {"$ref":"https://example.com/person.json"} | remote_reference | #/$ref
          {"$ref":"#/$defs/none"} | reference | #/$ref
          {"type":"object","required":["a"],"additionalProperties":false} | unsatisfiable | #
          {"pattern":"("} | malformed | #/pattern
          {"type":"wrong"} | malformed | #/type
          """)
  void realSchemasAreRefusedByKeywordAndPlace(String schema, String code, String place) {
    post(withField(schema(schema)))
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.type")
        .isEqualTo("invalid_request_schema")
        .jsonPath("$.code")
        .isEqualTo(code)
        .jsonPath("$.param")
        .isEqualTo("response_format.json_schema.schema" + place);
  }

  @Test
  void aPrefixIsTheBeginningOfAPrescribedFormat() {
    String prefixed =
        withMessages("USER,{\"role\":\"assistant\",\"content\":\"a\",\"prefix\":true}");
    String json = "\"response_format\":{\"type\":\"json_object\"},\"model\"";
    String document = prefixed.replace("\"model\"", json);
    assertBadRequest(document, "invalid_request_error", "messages[1].prefix");
    post(document.replace("\"a\"", "\"{\\\"a\\\": \"")).expectStatus().isOk();
    assertBadRequest(
        document.replace("\"a\"", "\"{ , \""), "invalid_request_error", "messages[1].prefix");
    String tools = tools(1) + ",\"model\"";
    post(prefixed.replace("\"model\"", tools)).expectStatus().isOk();
    assertBadRequest(
        prefixed.replace("\"model\"", "\"tool_choice\":\"any\"," + tools),
        "unsupported_parameter",
        "messages[1].prefix");
  }

  @Test
  void aFormatTogetherWithToolsIsForAnswersThatCallNone() {
    String wanted = "{\"required\":[\"a\"]}";
    post(withField(schema(wanted) + "," + tools(1))).expectStatus().isOk();
    assertThat(engine.lastConversation().getFirst().content()).contains(wanted);
    assertThat(engine.lastRequest().constraint())
        .satisfies(
            constraint ->
                assertThat(constraint.format())
                    .isInstanceOfSatisfying(
                        OutputFormat.ToolCalls.class,
                        calls ->
                            assertThat(calls.otherwise())
                                .isEqualTo(new OutputFormat.JsonSchema(wanted))));
    post(withField(schema(wanted) + ",\"tool_choice\":\"any\"," + tools(1))).expectStatus().isOk();
    assertThat(engine.lastConversation().getFirst().content()).doesNotContain(wanted);
    assertBadRequest(
        withField(schema("{\"pattern\":\"(\"}") + "," + tools(1)),
        "invalid_request_schema",
        "response_format.json_schema.schema#/pattern");
    assertBadRequest(
        withField(schema(wanted) + ",\"stop\":[\"x\"]," + tools(1)),
        "unsupported_parameter",
        "stop");
  }

  @Test
  void theNumberOfToolsAndTheirSizeHaveBounds() {
    assertUnprocessable(withField(tools(129)), "too_long", "[\"body\",\"tools\"]");
    String at = "x".repeat(300 - "f".length() - "{}".length());
    String described =
        "\"tools\":[{\"function\":{\"name\":\"f\",\"parameters\":{},\"description\":\"%s\"}}]";
    post(withField(described.formatted(at))).expectStatus().isOk();
    assertBadRequest(withField(described.formatted(at + "x")), "invalid_request_schema", "tools");
  }

  @Test
  void theSizeOfASchemaHasABound() {
    String at = "{\"title\":\"" + "x".repeat(200 - "{\"title\":\"\"}".length()) + "\"}";
    post(withField(schema(at))).expectStatus().isOk();
    String past = at.replace("xx", "xxx").substring(0, 199) + "\"}";
    assertThat(past).hasSize(201);
    assertBadRequest(
        withField(schema(past)), "invalid_request_schema", "response_format.json_schema.schema");
    assertBadRequest(
        withField("\"tools\":[{\"function\":{\"name\":\"f\",\"parameters\":" + past + "}}]"),
        "invalid_request_schema",
        "tools[0].function.parameters");
  }

  @ParameterizedTest
  @CsvSource({
    "UNSUPPORTED, unsupported",
    "UNSATISFIABLE, unsatisfiable",
    "MALFORMED, malformed",
    "REMOTE_REFERENCE, remote_reference",
    "REFERENCE, reference",
    "TOO_LARGE, too_large",
    "TOO_SLOW, too_slow"
  })
  void aSchemaThatCanNotBeEnforcedIsRefusedByKeywordAndPlace(Kind kind, String code) {
    engine.compile(
        _ -> {
          throw new GrammarException(kind, "uniqueItems", "/properties/a", "can't be");
        });
    assertThat(bodyOf(post(withField(schema("{}"))).expectStatus().isBadRequest()))
        .isEqualTo(
            """
            {"object":"error","message":"response_format.json_schema.schema: 'uniqueItems' at \
            /properties/a: can't be","type":"invalid_request_schema",\
            "param":"response_format.json_schema.schema#/properties/a/uniqueItems","code":"%s"}\
            """
                .formatted(code));
  }

  @Test
  void aToolThatCanNotBeEnforcedIsNamed() {
    engine.compile(
        _ -> {
          throw new GrammarException(
              Kind.UNSUPPORTED, "uniqueItems", "/tools/1/parameters/items", "can't be");
        });
    assertBadRequest(
        withField(tools(2)),
        "invalid_request_schema",
        "tools[1].function.parameters#/items/uniqueItems");
  }

  @Test
  void aVocabularyThatCanNotBeHeldIsNamed() {
    engine.compile(
        _ -> {
          throw new GrammarException(Kind.VOCABULARY, "", "", "no token spells {");
        });
    assertBadRequest(
        withField("\"response_format\":{\"type\":\"json_object\"}"),
        "unsupported_parameter",
        "response_format");
    assertBadRequest(withField(tools(1)), "unsupported_parameter", "tools");
  }

  @Test
  void aModelThatIsNotOfferedForToolsTakesNone() {
    String body = withField(tools(1)).replace("tiny", "big");
    assertBadRequest(body, "invalid_request_error", "tools");
    post(withField(tools(1) + ",\"tool_choice\":\"none\"").replace("tiny", "big"))
        .expectStatus()
        .isOk();
  }

  private void assertUnprocessable(String body, String type, String loc) {
    String answer = bodyOf(post(body).expectStatus().isEqualTo(422));
    assertThat(answer).contains("{\"type\":\"" + type + "\",\"loc\":" + loc);
  }

  private void assertBadRequest(String body, String type, String param) {
    post(body)
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.type")
        .isEqualTo(type)
        .jsonPath("$.param")
        .isEqualTo(param);
  }
}

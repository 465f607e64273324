package io.galerne.api;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.Submission;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;

/** Every way to be refused, with its status and its body. */
class ErrorsIntegrationTests extends ApiIntegrationTest {
  private static final String USER = "{\"role\":\"user\",\"content\":\"two words\"}";

  private static String withMessages(String messages) {
    return "{\"model\":\"tiny\",\"messages\":[" + messages + "]}";
  }

  private static String withField(String field) {
    return "{\"model\":\"tiny\",\"messages\":[" + USER + "]," + field + "}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "temperature":"hot"          | float_type         | ["body","temperature"]
          "temperature":1.6            | less_than_equal    | ["body","temperature"]
          "temperature":-0.1           | greater_than_equal | ["body","temperature"]
          "temperature":1e999          | less_than_equal    | ["body","temperature"]
          "temperature":-1e999         | greater_than_equal | ["body","temperature"]
          "temperature":1e999999999    | less_than_equal    | ["body","temperature"]
          "temperature":1e-999999999,"top_p":7 | less_than_equal | ["body","top_p"]
          "top_p":0                    | greater_than       | ["body","top_p"]
          "top_p":1.01                 | less_than_equal    | ["body","top_p"]
          "max_tokens":-1              | greater_than_equal | ["body","max_tokens"]
          "max_tokens":1.5             | int_from_float     | ["body","max_tokens"]
          "max_tokens":"9"             | int_type           | ["body","max_tokens"]
          "max_tokens":99999999999     | less_than_equal    | ["body","max_tokens"]
          "max_completion_tokens":-1   | greater_than_equal | ["body","max_completion_tokens"]
          "random_seed":-1             | greater_than_equal | ["body","random_seed"]
          "random_seed":1e30           | less_than_equal    | ["body","random_seed"]
          "random_seed":99999999999999999999 | less_than_equal | ["body","random_seed"]
          "random_seed":1e999          | less_than_equal    | ["body","random_seed"]
          "n":0                        | greater_than_equal | ["body","n"]
          "stream":"yes"               | bool_type          | ["body","stream"]
          "safe_prompt":1              | bool_type          | ["body","safe_prompt"]
          "presence_penalty":3         | less_than_equal    | ["body","presence_penalty"]
          "stop":5                     | string_type        | ["body","stop"]
          "stop":["a",5]               | string_type        | ["body","stop",1]
          "stop":""                    | string_too_short   | ["body","stop"]
          "stop":["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"] | too_long | ["body","stop"]
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
          {"messages":[{"role":"user","content":"x"}]} | missing     | ["body","model"]
          {"model":null,"messages":[{"role":"user","content":"x"}]} | string_type | ["body","model"]
          {"model":"tiny"}                             | missing     | ["body","messages"]
          {"model":"tiny","messages":null}             | list_type   | ["body","messages"]
          {"model":"tiny","messages":{}}               | list_type   | ["body","messages"]
          {"model":"tiny","messages":[]}               | too_short   | ["body","messages"]
          {"model":"tiny","messages":["hi"]}           | model_attributes_type | ["body","messages",0]
          {"model":"tiny","messages":[{"content":"x"}]} | union_tag_not_found | ["body","messages",0]
          {"model":"tiny","messages":[{"role":"boss","content":"x"}]} | union_tag_invalid | ["body","messages",0]
          {"model":"tiny","messages":[{"role":"user","content":7}]} | string_type | ["body","messages",0,"user","content"]
          {"model":"tiny","messages":[{"role":"system"}]} | missing | ["body","messages",0,"system","content"]
          {"model":"tiny","messages":[{"role":"user","content":[{"type":"text"}]}]} | missing | ["body","messages",0,"user","content",0,"text"]
          {"model":"tiny","messages":[{"role":"user","content":[{"type":"song"}]}]} | union_tag_invalid | ["body","messages",0,"user","content",0]
          {"model":"tiny","messages":[{"role":"assistant","content":"x","prefix":"yes"}]} | bool_type | ["body","messages",0,"assistant","prefix"]
          []                                           | model_attributes_type | ["body"]
          "text"                                       | model_attributes_type | ["body"]
          null                                         | model_attributes_type | ["body"]
          """)
  void aBodyOfTheWrongShapeIsExplained(String body, String type, String loc) {
    assertUnprocessable(body, type, loc);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"model":"tiny"
          {"model":"tiny"}}
          {"model":"tiny","messages":[{"role":"user","content":"\\ud800 alone"}]}
          {"model":"tiny\\udc00","messages":[{"role":"user","content":"x"}]}
          {"model":"tiny","messages":[{"role":"user","content":"x"}],"metadata":{"\\ud800":1}}
          {"model":"tiny","model":"small"}
          {'model':1}
          {"model":NaN}
          {"top_p":1e99999999999}
          `{"model":"a\tb"}`
          hello
          ``
          """)
  void whatIsNotJsonIsRefused(String body) {
    assertThat(bodyOf(post(body).expectStatus().isBadRequest()))
        .startsWith("{\"object\":\"error\",\"message\":\"The request body is not valid JSON: ")
        .endsWith("\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"json_invalid\"}");
  }

  @Test
  void depthAndSizeHaveBounds() {
    post("[".repeat(50_000)).expectStatus().isBadRequest();
    post(withField("\"x\":" + "9".repeat(100_000))).expectStatus().isBadRequest();
    String many = (USER + ",").repeat(5_000) + USER;
    assertUnprocessable(withMessages(many), "too_long", "[\"body\",\"messages\"]");
    post(withField("\"x\":" + nested(99))).expectStatus().isOk(); // the body itself is one
    post(withField("\"x\":" + nested(100))).expectStatus().isBadRequest();
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  @Test
  void partsOfAMessageAndToolsHaveBounds() {
    String part = "{\"type\":\"text\",\"text\":\"x\"},";
    String message = "{\"role\":\"user\",\"content\":[%s]}";
    String most = part.repeat(1023) + part.replace("},", "}");
    post(withMessages(message.formatted(most))).expectStatus().isOk();
    assertUnprocessable(
        withMessages(message.formatted(part + most)),
        "too_long",
        "[\"body\",\"messages\",0,\"user\",\"content\"]");
    String tools =
        IntStream.range(0, 128).mapToObj(ErrorsIntegrationTests::tool).collect(joining(","));
    post(withField("\"tools\":[" + tools + "]")).expectStatus().isOk();
    assertUnprocessable(
        withField("\"tools\":[" + tools + "," + tool(128) + "]"),
        "too_long",
        "[\"body\",\"tools\"]");
  }

  private static String tool(int number) {
    return "{\"function\":{\"name\":\"f%d\"}}".formatted(number);
  }

  @Test
  void whatIsEchoedIsShortAndEncodable() {
    String long422 = bodyOf(post(withField("\"temperature\":\"" + "x".repeat(9_000) + "\"")));
    assertThat(long422).contains("float_type").hasSizeLessThan(1_000);
    String astral =
        bodyOf(post(withField("\"temperature\":\"" + "\uD83D\uDE00".repeat(150) + "\"")));
    assertThat(astral).contains("float_type");
    String container =
        bodyOf(post("{\"messages\":[" + USER + "],\"junk\":\"" + "x".repeat(9_000) + "\"}"));
    assertThat(container).contains("\"missing\"", "\"input\":null").hasSizeLessThan(1_000);
    assertThat(
            bodyOf(post("{\"model\":\"" + "x".repeat(9_000) + "\",\"messages\":[" + USER + "]}")))
        .contains("Invalid model")
        .hasSizeLessThan(1_000);
  }

  @Test
  void severalErrorsComeAtOnce() {
    String answer = bodyOf(post("{\"temperature\":9,\"stream\":1}").expectStatus().isEqualTo(422));
    assertThat(answer)
        .contains("[\"body\",\"model\"]", "[\"body\",\"messages\"]")
        .contains("[\"body\",\"temperature\"]", "[\"body\",\"stream\"]");
  }

  /** In the words of Mistral's platform, which clients look for. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "reasoning_effort":"high"    | reasoning_effort='high' is not supported for this model. Must be one of ('none')
          "reasoning_effort":"max"     | reasoning_effort='max' is not supported for this model. Must be one of ('none')
          "prompt_mode":"reasoning"    | Reasoning prompt mode is not enabled for this model
          """)
  void noModelReasons(String field, String message) {
    post(withField(field))
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.message")
        .isEqualTo(message)
        .jsonPath("$.type")
        .isEqualTo("invalid_request_invalid_args")
        .jsonPath("$.code")
        .isEqualTo("3051");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "prompt_logprobs":true                  | prompt_logprobs
          "top_prompt_logprobs":1                 | top_prompt_logprobs
          "functions":[{"name":"f"}]              | functions
          "modalities":["text","audio"]           | modalities
          "stop_token_ids":[2]                    | stop_token_ids
          "guided_json":{}                        | guided_json
          """)
  void whatCanNotBeHonouredIsRefusedByName(String field, String param) {
    assertBadRequest(withField(field), "unsupported_parameter", param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"role":"user","content":[{"type":"image_url","image_url":"data:,"}]} | messages[0].content[0]
          """)
  void messagesThatCanNotBeHonouredAreRefusedByName(String messages, String param) {
    assertBadRequest(withMessages(messages), "unsupported_parameter", param);
  }

  @Test
  void anUnknownModelIsRefusedInTheWordsOfTheContract() {
    String body = "{\"model\":\"nope\",\"messages\":[" + USER + "],\"stream\":true}";
    assertThat(bodyOf(post(body).expectStatus().isBadRequest()))
        .isEqualTo(
            """
            {"object":"error","message":"Invalid model: nope","type":"invalid_model",\
            "param":null,"code":"1500"}\
            """);
  }

  @Test
  void aPromptThatIsTooLongIsRefusedWithBothNumbers() {
    String words = "word ".repeat(70) + "end";
    String body = withMessages("{\"role\":\"user\",\"content\":\"" + words + "\"}");
    assertThat(bodyOf(post(body).expectStatus().isBadRequest()))
        .contains("71 tokens", "64 maximum context length", "context_length_exceeded");
  }

  @Test
  void aTemplateMayRefuse() {
    assertThat(
            bodyOf(
                post(withMessages("{\"role\":\"user\",\"content\":\"refuse-me\"}"))
                    .expectStatus()
                    .isBadRequest()))
        .contains("this conversation is refused");
  }

  @Test
  void aFullQueueSaysWhenToComeBack() {
    engine.script(_ -> new Submission.QueueFull(9));
    post(withMessages(USER))
        .expectStatus()
        .isEqualTo(503)
        .expectHeader()
        .valueEquals(HttpHeaders.RETRY_AFTER, "5")
        .expectBody()
        .jsonPath("$.type")
        .isEqualTo("capacity_exceeded");

    engine.script(_ -> new Submission.ShareFull(4));
    post(withMessages(USER))
        .expectStatus()
        .isEqualTo(429)
        .expectHeader()
        .valueEquals(HttpHeaders.RETRY_AFTER, "5")
        .expectBody()
        .jsonPath("$.type")
        .isEqualTo("rate_limited");

    engine.script(_ -> new Submission.Closed());
    post(withMessages(USER)).expectStatus().isEqualTo(503);
  }

  @Test
  void anInternalErrorTellsNothingButTheRequest() {
    engine.script(
        _ -> {
          throw new IllegalStateException("secret");
        });
    String answer = bodyOf(post(withMessages(USER)).expectStatus().isEqualTo(500));
    assertThat(answer)
        .startsWith("{\"object\":\"error\",\"message\":\"Internal error, request ")
        .contains("\"type\":\"server_error\"")
        .doesNotContain("secret", "Exception", "\tat ");
  }

  private void assertUnprocessable(String body, String type, String loc) {
    String answer = bodyOf(post(body).expectStatus().isEqualTo(422));
    assertThat(answer)
        .startsWith("{\"detail\":[{\"type\":\"" + type + "\",\"loc\":" + loc + ",\"msg\":\"");
  }

  private void assertBadRequest(String body, String type, String param) {
    post(body)
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.object")
        .isEqualTo("error")
        .jsonPath("$.type")
        .isEqualTo(type)
        .jsonPath("$.param")
        .isEqualTo(param);
  }
}

package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** With strict mode on, unknown fields are refused; {@link LenientModeIntegrationTests} is off. */
@TestPropertySource(
    properties = {
      "galerne.api.strict=true",
      "galerne.api.body-max=4KB",
      "galerne.api.body-time-max=1s",
      "galerne.api.head-time-max=1s"
    })
class StrictModeIntegrationTests extends ApiIntegrationTest {
  static final String UNKNOWN_FIELDS =
      """
      {"model":"tiny","store":false,
       "messages":[{"role":"user","content":[{"type":"text","text":"x","odd":1}],"name":"me"}]}\
      """;

  @Test
  void unknownFieldsAreRefusedInTheWordsOfTheContract() {
    String answer = bodyOf(post(UNKNOWN_FIELDS).expectStatus().isEqualTo(422));
    assertThat(answer)
        .startsWith(
            """
            {"detail":[{"type":"extra_forbidden","loc":["body","store"],\
            "msg":"Extra inputs are not permitted","input":false}\
            """)
        .contains(
            "[\"body\",\"messages\",0,\"user\",\"name\"]",
            "[\"body\",\"messages\",0,\"user\",\"content\",0,\"odd\"]");
  }

  @Test
  void everyFieldOfTheContractIsStillTaken() {
    post("""
    {"model":"tiny","temperature":0,"top_p":1,"max_tokens":5,"stream":false,"stop":[],
     "random_seed":1,"metadata":{},"response_format":{"type":"text","json_schema":null},
     "tools":[{"type":"function","function":{"name":"f","description":"","parameters":{},
       "strict":true}}],
     "tool_choice":"auto","parallel_tool_calls":true,"presence_penalty":0,
     "frequency_penalty":0,"n":1,"prediction":{"type":"content","content":""},
     "reasoning_effort":null,"prompt_mode":null,"guardrails":null,
     "prompt_cache_key":null,"service_tier":"auto","safe_prompt":false,
     "messages":[{"role":"user","content":"x"},
       {"role":"assistant","content":"y","tool_calls":[{"id":"123456789","type":"function",
         "function":{"name":"f","arguments":"{}"},"index":0}],"prefix":false},
       {"role":"tool","content":"z","tool_call_id":"123456789","name":"f"}]}\
    """)
        .expectStatus()
        .isOk();
  }

  @Test
  void embeddingsTakeTheFieldsOfTheContractAndNoOthers() {
    String fields =
        """
        {"model":"embed","input":["x"],"metadata":{},"output_dimension":16,
         "output_dtype":"float","encoding_format":"float"\
        """;
    postTo("/v1/embeddings", fields + "}").expectStatus().isOk();
    String answer =
        bodyOf(
            postTo("/v1/embeddings", fields + ",\"user\":\"me\"}").expectStatus().isEqualTo(422));
    assertThat(answer)
        .startsWith("{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"user\"]");
  }

  @Test
  void aBodyOverTheLimitIsRefusedBeforeItIsReadWhole() throws Exception {
    post(large()).expectStatus().isEqualTo(413);
    try (RawHttp http = RawHttp.openChunked(port)) {
      http.sendChunk(large());
      // the last chunk never comes
      assertThat(http.awaitText("}"))
          .startsWith("HTTP/1.1 413")
          .contains("request_too_large", "4096 bytes");
    }
  }

  static String large() {
    return "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\""
        + "x".repeat(5_000)
        + "\"}]}";
  }
}

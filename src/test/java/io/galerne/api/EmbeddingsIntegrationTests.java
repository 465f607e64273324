package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.embedding.EmbeddingException;
import io.galerne.embedding.EmbeddingPool;
import io.galerne.embedding.ScriptedEmbedding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.client.RestTestClient;

class EmbeddingsIntegrationTests extends ApiIntegrationTest {
  @Autowired ScriptedEmbedding embedding;
  @Autowired EmbeddingPool pool;

  @BeforeEach
  void resetTheModel() {
    embedding.reset();
  }

  private RestTestClient.ResponseSpec embed(String fields) {
    return postTo("/v1/embeddings", "{\"model\":\"embed\"," + fields + "}");
  }

  private static String input(List<String> texts) {
    return "\"input\":[\"" + String.join("\",\"", texts) + "\"]";
  }

  private static String words(int count) {
    return String.join(" ", Collections.nCopies(count, "w"));
  }

  @Test
  void answersWithEveryFieldOfTheContract() throws InterruptedException {
    String body = bodyOf(embed("\"input\":\"one\"").expectStatus().isOk());

    assertThat(body)
        .matches(
            "\\{\"id\":\"embd-[0-9a-f]{32}\",\"object\":\"list\",\"data\":\\[\\{\"object\":"
                + "\"embedding\",\"embedding\":\\[0\\.0,0\\.8,-0\\.6,0\\.0.*],\"index\":0}],"
                + "\"model\":\"embed\",\"usage\":\\{\"prompt_tokens\":1,\"completion_tokens\":0,"
                + "\"total_tokens\":1}}");
    assertThat(ledger.only().caller()).isEqualTo(ApiTestApplication.CALLER);
  }

  @Test
  void answersAListInItsOrderUnderTheNameThatWasAsked() {
    postTo(
            "/v1/embeddings",
            """
            {"model": "vectors", "input": ["two words", "one"], "metadata": {"a": 1},
             "encoding_format": null, "output_dimension": 16, "user": "somebody"}
            """)
        .expectStatus()
        .isOk()
        .expectHeader()
        .valueEquals("x-model-deprecation-timestamp", "2027-01-01T00:00:00Z")
        .expectBody()
        .jsonPath("$.model")
        .isEqualTo("vectors")
        .jsonPath("$.data[0].index")
        .isEqualTo(0)
        .jsonPath("$.data[0].embedding[2]")
        .isEqualTo(0.8)
        .jsonPath("$.data[1].index")
        .isEqualTo(1)
        .jsonPath("$.data[1].embedding[1]")
        .isEqualTo(0.8)
        .jsonPath("$.usage.prompt_tokens")
        .isEqualTo(3);
  }

  @Test
  void base64HoldsTheSameNumbers() {
    String body =
        bodyOf(embed("\"input\":\"one\",\"encoding_format\":\"base64\"").expectStatus().isOk());
    String text = body.replaceFirst(".*\"embedding\":\"([A-Za-z0-9+/=]+)\".*", "$1");
    ByteBuffer numbers =
        ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);

    assertThat(numbers.capacity()).isEqualTo(ScriptedEmbedding.DIMENSIONS * Float.BYTES);
    assertThat(numbers.getFloat(4)).isEqualTo(0.8f);
    assertThat(numbers.getFloat(8)).isEqualTo(-0.6f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int8    | [0,127,-95,0,0,0,0,0,0,0,0,0,0,0,0,0]",
        "uint8   | [128,255,33,128,128,128,128,128,128,128,128,128,128,128,128,128]",
        "binary  | [-64,-128]",
        "ubinary | [64,0]"
      })
  void writesOtherTypes(String type, String numbers) {
    assertThat(bodyOf(embed("\"input\":\"one\",\"output_dtype\":\"" + type + "\"")))
        .contains("\"embedding\":" + numbers + ",");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"x\":1                                   | missing          | [\"body\",\"input\"]",
        "\"input\":null                            | missing          | [\"body\",\"input\"]",
        "\"input\":7                               | string_type      | [\"body\",\"input\"]",
        "\"input\":{}                              | string_type      | [\"body\",\"input\"]",
        "\"input\":\"\"                            | string_too_short | [\"body\",\"input\"]",
        "\"input\":[]                              | too_short        | [\"body\",\"input\"]",
        "\"input\":[\"a\",\"\"]                    | string_too_short | [\"body\",\"input\",1]",
        "\"input\":[\"a\",null]                    | string_type      | [\"body\",\"input\",1]",
        "\"input\":[\"a\",5]                       | string_type      | [\"body\",\"input\",1]",
        "\"input\":[[\"a\"]]                       | string_type      | [\"body\",\"input\",0]",
        "\"input\":\"a\",\"encoding_format\":\"x\" | enum             |"
            + " [\"body\",\"encoding_format\"]",
        "\"input\":\"a\",\"encoding_format\":1     | enum             |"
            + " [\"body\",\"encoding_format\"]",
        "\"input\":\"a\",\"output_dtype\":\"FLOAT\"| enum             |"
            + " [\"body\",\"output_dtype\"]",
        "\"input\":\"a\",\"output_dimension\":0    | greater_than_equal |"
            + " [\"body\",\"output_dimension\"]",
        "\"input\":\"a\",\"output_dimension\":\"8\"| int_type         |"
            + " [\"body\",\"output_dimension\"]",
        "\"input\":\"a\",\"dimensions\":1.5        | int_from_float   | [\"body\",\"dimensions\"]",
        "\"input\":\"a\",\"dimensions\":1e99       | less_than_equal  | [\"body\",\"dimensions\"]",
        "\"input\":\"a\",\"metadata\":[]           | dict_type        | [\"body\",\"metadata\"]"
      })
  void wrongShapesAreNamed(String fields, String type, String loc) {
    assertThat(bodyOf(embed(fields).expectStatus().isEqualTo(422)))
        .startsWith("{\"detail\":[{\"type\":\"" + type + "\",\"loc\":" + loc);
    assertThat(ledger.records()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"input\":[1,2,3]                   | unsupported_parameter | input",
        "\"input\":[[1,2],[3]]               | unsupported_parameter | input",
        "\"input\":\"a\",\"dimensions\":8    | unsupported_parameter | dimensions",
        "\"input\":\"a\",\"output_dimension\":17 | unsupported_parameter | output_dimension"
      })
  void whatTheModelCannotDoIsRefused(String fields, String type, String param) {
    embed(fields)
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.type")
        .isEqualTo(type)
        .jsonPath("$.param")
        .isEqualTo(param);
    assertThat(ledger.records()).isEmpty();
  }

  @Test
  void takes2048TextsAndNotOneMore() {
    List<String> texts = new ArrayList<>(Collections.nCopies(2048, "a"));
    embed(input(texts))
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.data.length()")
        .isEqualTo(2048);
    texts.add("a");
    assertThat(bodyOf(embed(input(texts)).expectStatus().isEqualTo(422)))
        .contains("too_long", "at most 2048 items after validation, not 2049");
  }

  @Test
  void takesTextsOf64TokensAndNotOneMore() {
    embed(input(List.of("a", words(64)))).expectStatus().isOk();
    embed(input(List.of("a", words(65))))
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.message")
        .isEqualTo(
            "input[1] contains 65 tokens, too large for model with 64 maximum context length")
        .jsonPath("$.type")
        .isEqualTo("context_length_exceeded")
        .jsonPath("$.param")
        .isEqualTo("input");
  }

  @Test
  void takes4096TokensInAllAndNotOneMore() {
    List<String> texts = new ArrayList<>(Collections.nCopies(64, words(64)));
    embed(input(texts)).expectStatus().isOk();
    texts.add("a");
    embed(input(texts))
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.message")
        .isEqualTo("Too many tokens in batch. Max is 4096 got 4097")
        .jsonPath("$.code")
        .isEqualTo("3210");
  }

  @Test
  void refusesBodiesOverTheBound() {
    embed("\"input\":\"" + "a".repeat(1 << 20) + "\"").expectStatus().isEqualTo(413);
  }

  @Test
  void modelsForOtherThingsAreRefusedBothWays() {
    String body =
        bodyOf(
            postTo("/v1/embeddings", "{\"model\":\"tiny\",\"input\":\"a\"}")
                .expectStatus()
                .isBadRequest());
    assertThat(body).contains("tiny is not a model for embeddings", "\"code\":\"1500\"");

    String chat =
        bodyOf(
            post("{\"model\":\"vectors\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}")
                .expectStatus()
                .isBadRequest());
    assertThat(chat).contains("vectors is not a model for chat completions", "\"param\":\"model\"");
    assertThat(ledger.records()).isEmpty();
  }

  @Test
  void anUnknownModelIsRefused() {
    assertThat(bodyOf(embed("\"input\":\"a\"").expectStatus().isOk())).contains("\"data\"");
    postTo("/v1/embeddings", "{\"model\":\"none\",\"input\":\"a\"}")
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.type")
        .isEqualTo("invalid_model");
  }

  @Test
  void aFullPoolSaysWhenToComeBack() {
    List<EmbeddingPool.Turn> taken = new ArrayList<>();
    for (int i = 0; i < ApiTestApplication.EMBEDDING_REQUESTS_MAX; i++) {
      taken.add(pool.take(Duration.ofMinutes(1)));
    }
    try {
      embed("\"input\":\"a\"")
          .expectStatus()
          .isEqualTo(503)
          .expectHeader()
          .valueEquals("Retry-After", "5")
          .expectBody()
          .jsonPath("$.type")
          .isEqualTo("capacity_exceeded");
    } finally {
      taken.forEach(turn -> ((EmbeddingPool.Turn.Taken) turn).job().close());
    }
    embed("\"input\":\"a\"").expectStatus().isOk();
  }

  @Test
  void aFailureTellsNoUsage() throws InterruptedException {
    embedding.script(
        _ -> {
          throw new EmbeddingException("planned");
        });
    assertThat(bodyOf(embed("\"input\":\"a\"").expectStatus().isEqualTo(500)))
        .contains("server_error")
        .doesNotContain("planned", "usage");
    assertThat(ledger.only().outcome().name()).isEqualTo("ERROR");
  }

  @Test
  void noVectorsLeaveWithoutALineInTheLedger() {
    ledger.breakDown();
    assertThat(bodyOf(embed("\"input\":\"a\"").expectStatus().isEqualTo(503)))
        .contains("could not be settled")
        .doesNotContain("usage");
  }

  @Test
  void theCardSaysWhatServesIt() {
    client()
        .get()
        .uri("/v1/models/vectors")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.id")
        .isEqualTo("vectors")
        .jsonPath("$.name")
        .isEqualTo("embed")
        .jsonPath("$.max_context_length")
        .isEqualTo(64)
        .jsonPath("$.capabilities.completion_chat")
        .isEqualTo(false)
        .jsonPath("$.default_model_temperature")
        .isEmpty()
        .jsonPath("$.type")
        .isEqualTo("base");
    assertThat(bodyOf(client().get().uri("/v1/models").exchange()))
        .contains("\"id\":\"embed\"", "\"id\":\"vectors\"", "16 dimensions");
  }
}

package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.metering.ServiceKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filling in between two texts. */
class FimIntegrationTests extends ApiIntegrationTest {
  private static final String FILL =
      """
      {"model":"tiny","prompt":"def f(x):","suffix":"return y","temperature":0,"top_p":1,
       "max_tokens":2,"min_tokens":1,"stop":["\\n\\n"],"random_seed":3,"metadata":{"a":"b"}}\
      """;

  @Test
  void answersInTheShapeOfChat() throws Exception {
    assertThat(bodyOf(postTo(FimController.PATH, FILL).expectStatus().isOk()))
        .contains(
            "\"object\":\"chat.completion\"",
            "\"message\":{\"role\":\"assistant\",\"content\":\"Bonjour tout\"",
            "\"finish_reason\":\"length\"",
            "\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2,");
    assertThat(engine.lastRequest().sampling())
        .satisfies(
            sampling -> {
              assertThat(sampling.adjustments().minTokens()).isEqualTo(1);
              assertThat(sampling.seed()).isEqualTo(3);
              assertThat(sampling.stop()).containsExactly("\n\n");
            });
    assertThat(ledger.only().source().service()).isEqualTo(ServiceKind.FIM);
  }

  @Test
  void streamsAsChatDoes() {
    String streamed =
        bodyOf(
            postTo(FimController.PATH, FILL.replace("\"prompt\"", "\"stream\":true,\"prompt\""))
                .expectStatus()
                .isOk());
    assertThat(streamed).contains("\"content\":\" tout\"", "\"usage\":{").endsWith("[DONE]\n\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"prompt":"a"}                              | 422 | "model"
          {"model":"tiny"}                            | 422 | "prompt"
          {"model":"tiny","prompt":5}                 | 422 | "prompt"
          {"model":"tiny","prompt":"a","suffix":[]}   | 422 | "suffix"
          {"model":"nope","prompt":"a"}               | 400 | invalid_model
          {"model":"embed","prompt":"a"}              | 400 | invalid_model
          {"model":"tiny","prompt":"a","tools":[{}]}  | 400 | "param":"tools"
          {"model":"tiny","prompt":"a","min_tokens":2,"max_tokens":1} | 400 | "param":"min_tokens"
          """)
  void saysWhatIsWrong(String body, int status, String part) {
    assertThat(bodyOf(postTo(FimController.PATH, body).expectStatus().isEqualTo(status)))
        .contains(part);
    assertThat(ledger.records()).isEmpty();
  }

  @Test
  void takesNothingBehind() {
    postTo(FimController.PATH, "{\"model\":\"tiny\",\"prompt\":\"a\",\"suffix\":null}")
        .expectStatus()
        .isOk();
    client().get().uri(FimController.PATH).exchange().expectStatus().isEqualTo(405);
  }
}

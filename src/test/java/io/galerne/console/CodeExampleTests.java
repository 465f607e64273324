package io.galerne.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodeExampleTests {
  @Test
  void examplesNameTheAddressAndTheModelAndReadTheKeyFromTheEnvironment() {
    assertThat(CodeExample.all("https://llm.example", "mistral-small"))
        .hasSize(3)
        .allSatisfy(
            example ->
                assertThat(example.code())
                    .contains("https://llm.example", "mistral-small", "GALERNE_API_KEY")
                    .doesNotContain("ADDRESS", "\"MODEL\""));
  }
}

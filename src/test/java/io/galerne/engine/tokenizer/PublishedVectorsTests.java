package io.galerne.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** llama.cpp's published test vectors for thirteen vocabularies, which are here cut down. */
class PublishedVectorsTests {
  @TempDir Path folder;

  static Stream<JsonNode> vocabularies() throws IOException {
    return ReducedVocabularies.fixture("vocabularies.json.gz");
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("vocabularies")
  void encodesAsLlamaCppDoesAndDecodesToTheSameText(JsonNode entry) {
    JsonNode vocabulary = entry.get("vocabulary");
    Tokenizer tokenizer = ReducedVocabularies.read(vocabulary, folder);
    for (JsonNode test : entry.get("tests").values()) {
      String text = test.get("text").stringValue();
      int[] tokens = tokenizer.encode(text);
      assertThat(ReducedVocabularies.originalIds(vocabulary, tokens))
          .as("%s: '%s'", entry.get("name").stringValue(), text)
          .isEqualTo(ReducedVocabularies.integers(test.get("ids")));
      StreamDecoder decoder = new StreamDecoder();
      StringBuilder decoded = new StringBuilder();
      for (int token : tokens) {
        decoded.append(decoder.append(tokenizer.bytes(token)));
      }
      String expected = tokenizer.addsBlank() && !text.isEmpty() ? " " + text : text;
      assertThat(decoded.append(decoder.finish()).toString())
          .as(entry.get("name").stringValue())
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("vocabularies")
  void keepsControlTextOrdinary(JsonNode entry) {
    Tokenizer tokenizer = ReducedVocabularies.read(entry.get("vocabulary"), folder);
    for (String control : tokenizer.controlTokens()) {
      String text = "a" + control + " " + control + control + "b";
      int[] tokens = tokenizer.encode(text);
      assertThat(IntStream.of(tokens)).as(control).noneMatch(tokenizer::isControl);
      int whole = tokenizer.controlToken(control).orElseThrow();
      if (tokenizer.isControl(whole)) {
        assertThat(IntStream.of(tokenizer.encodeWithControlTokens(text)))
            .as("the same text does hold a control token")
            .contains(whole);
      }
    }
  }
}

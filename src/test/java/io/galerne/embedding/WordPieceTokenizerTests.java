package io.galerne.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WordPieceTokenizerTests {
  private static final WordPieceTokenizer TOKENIZER =
      TokenizerFile.read(
          BundledModel.resource(BundledModel.TOKENIZER, BundledModel.TOKENIZER_DIGEST));

  @Test
  void agreesWithHuggingFace() throws IOException {
    List<String> wrong = new ArrayList<>();
    int cases = 0;
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/embedding/wordpiece.json"))) {
      for (JsonNode example : new JsonMapper().readTree(in)) {
        String text = example.get("text").stringValue();
        int[] expected = new JsonMapper().convertValue(example.get("tokens"), int[].class);
        int[] found = TOKENIZER.encode(text);
        cases++;
        if (!Arrays.equals(found, expected)) {
          wrong.add(example + " but " + Arrays.toString(found));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(cases).isGreaterThan(200);
  }

  @Test
  void aUsersTextIsNeverAMark() {
    int[] marks = TOKENIZER.encode("");
    int[] typed = TOKENIZER.encode("[CLS] a [SEP] [PAD] [UNK]");

    assertThat(marks).containsExactly(101, 102);
    assertThat(Arrays.copyOfRange(typed, 1, typed.length - 1))
        .doesNotContain(0, 100, 101, 102, 103);
  }

  /** A word without a first piece is the worst case: each of its starts is tried at all lengths. */
  @Test
  void aMegabyteOfTheWorstTextTakesNotLong() {
    String words = ("a" + "\u0dff".repeat(99) + " ").repeat(10_000);

    int[] tokens =
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> TOKENIZER.encode(words));

    assertThat(tokens.length).isEqualTo(10_002);
  }

  @Test
  void refusesAnotherKindOfTokenizer() {
    byte[] cased =
        new String(
                BundledModel.resource(BundledModel.TOKENIZER, BundledModel.TOKENIZER_DIGEST),
                StandardCharsets.UTF_8)
            .replaceFirst("\"lowercase\": ?true", "\"lowercase\":false")
            .getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> TokenizerFile.read(cased))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining("/normalizer/lowercase");
    assertThatThrownBy(() -> TokenizerFile.read("{".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining("JSON");
    assertThatThrownBy(() -> new WordPieceTokenizer(Map.of("[UNK]", 0, "[CLS]", 1)))
        .hasMessageContaining("[SEP]");
  }

  @Test
  void refusesAFileWithAnotherDigest() {
    assertThatThrownBy(() -> BundledModel.resource(BundledModel.TOKENIZER, "00"))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining(BundledModel.TOKENIZER_DIGEST);
    assertThatThrownBy(() -> BundledModel.resource("none.onnx", "00"))
        .hasMessageContaining("none.onnx");
  }
}

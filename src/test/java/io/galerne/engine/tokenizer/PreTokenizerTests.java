package io.galerne.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PreTokenizerTests {
  static Stream<JsonNode> texts() throws IOException {
    try (InputStream in = PreTokenizerTests.class.getResourceAsStream("/engine/tokenizers.json")) {
      return JsonMapper.shared().readTree(in.readAllBytes()).valueStream();
    }
  }

  @ParameterizedTest
  @MethodSource("texts")
  void cutsWordsAsHuggingFaceDoes(JsonNode row) {
    for (String name : List.of("gpt-2", "llama-bpe", "qwen2", "tekken")) {
      assertThat(words(name, row.get("text").stringValue()))
          .as(name)
          .isEqualTo(row.get(name).valueStream().map(JsonNode::stringValue).toList());
    }
  }

  @Test
  void cutsDigitsBeforeWords() {
    assertThat(words("smollm", "a  12 b")).containsExactly("a", "  ", "1", "2", " b");
    assertThat(words("gpt-2", "a  12 b")).containsExactly("a", " ", " 12", " b");
  }

  @Test
  void cutsThePiecesOfOnePatternByTheNext() {
    assertThat(words("default", "f(x)=12345 y"))
        .containsExactly("f", "(", "x", ")=", "123", "45", " y");
  }

  private static List<String> words(String name, String text) {
    List<String> words = new ArrayList<>();
    PreTokenizer.named(name)
        .orElseThrow()
        .split(text, (start, end) -> words.add(text.substring(start, end)));
    return words;
  }
}

package io.galerne.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.gguf.GgufFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The vocabulary of the bundled weights against two independent tokenizers. */
class BundledTokenizerTests {
  private static Tokenizer tokenizer;

  @BeforeAll
  static void open() {
    try (GgufFile file = GgufFile.open(Path.of("models/smollm2-135m-instruct-q4_1.gguf"))) {
      tokenizer = Tokenizers.fromGguf(file.metadata());
    }
  }

  static Stream<JsonNode> prompts() throws IOException {
    return fixture("smollm2-greedy.json").get("prompts").valueStream();
  }

  static Stream<JsonNode> texts() throws IOException {
    return fixture("tokenizers.json").valueStream();
  }

  @ParameterizedTest
  @MethodSource("prompts")
  void encodesPromptsAsLlamaCppDoes(JsonNode prompt) {
    assertThat(tokenizer.encodeWithControlTokens(prompt.get("prompt_text").stringValue()))
        .isEqualTo(integers(prompt.get("prompt_ids")));
  }

  @ParameterizedTest
  @MethodSource("prompts")
  void decodesAnswersAsLlamaCppDoes(JsonNode prompt) {
    JsonNode greedy = prompt.get("f32");
    StreamDecoder decoder = new StreamDecoder();
    StringBuilder text = new StringBuilder();
    for (int id : integers(greedy.get("greedy_ids"))) {
      text.append(decoder.append(tokenizer.bytes(id)));
    }
    assertThat(text.append(decoder.finish()).toString())
        .isEqualTo(greedy.get("greedy_text").stringValue());
  }

  @ParameterizedTest
  @MethodSource("texts")
  void encodesTextAsHuggingFaceDoes(JsonNode row) {
    assertThat(tokenizer.encode(row.get("text").stringValue()))
        .isEqualTo(integers(row.get("smollm")));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void decodesWhatItEncoded(JsonNode row) {
    String text = row.get("text").stringValue();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : tokenizer.encode(text)) {
      bytes.writeBytes(tokenizer.bytes(id));
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(text);
  }

  @Test
  void knowsItsControlTokens() {
    assertThat(tokenizer.vocabularySize()).isEqualTo(49_152);
    assertThat(tokenizer.controlTokens()).hasSize(17).contains("<|im_start|>", "<|im_end|>");
    assertThat(tokenizer.controlTokens().getFirst()).isEqualTo("<jupyter_output>");
    assertThat(tokenizer.isControl(2)).isTrue();
    assertThat(tokenizer.isControl(100)).isFalse();
    assertThat(tokenizer.bytes(2)).isEmpty();
    assertThat(tokenizer.beginOfSequence()).isEqualTo("<|im_start|>");
    assertThat(tokenizer.endOfSequence()).isEqualTo("<|im_end|>");
    assertThat(tokenizer.addsBeginOfSequence()).isFalse();
    assertThat(tokenizer.isEndOfGeneration(2)).isTrue();
    assertThat(tokenizer.isEndOfGeneration(0)).as("<|endoftext|>").isTrue();
    assertThat(tokenizer.isEndOfGeneration(1)).isFalse();
  }

  @Test
  void keepsControlTextOrdinaryUnlessAskedOtherwise() {
    for (String text : tokenizer.controlTokens()) {
      assertThat(IntStream.of(tokenizer.encode("a" + text + "b"))).noneMatch(tokenizer::isControl);
      assertThat(tokenizer.encodeWithControlTokens("a" + text + "b"))
          .as("the same text does hold a control token")
          .hasSize(3)
          .satisfies(ids -> assertThat(tokenizer.isControl(ids[1])).isTrue());
    }
  }

  /** A merge that rescans its word would need minutes; these take seconds on a slow machine. */
  @Test
  void encodesHugeWordsInTime() {
    byte[] letters = new byte[1 << 20];
    Random random = new Random(1);
    for (int i = 0; i < letters.length; i++) {
      letters[i] = (byte) ('a' + random.nextInt(26));
    }
    String randomBytes = new String(random.ints(1 << 20, 1, 0x800).toArray(), 0, 1 << 20);
    for (String text :
        new String[] {
          "a".repeat(1 << 20),
          " ".repeat(1 << 20) + "x",
          new String(letters, StandardCharsets.US_ASCII),
          randomBytes
        }) {
      long start = System.nanoTime();
      assertThat(tokenizer.encode(text)).isNotEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void costGrowsWithLengthAndNotWithItsSquare() {
    String text = "a".repeat(1 << 17);
    tokenizer.encode(text);
    double once = seconds(() -> tokenizer.encode(text));
    double eightfold = seconds(() -> tokenizer.encode(text.repeat(8)));
    assertThat(eightfold / once).as("a square would be 64").isLessThan(32);
  }

  private static double seconds(Runnable action) {
    return Stream.generate(System::nanoTime)
        .limit(3)
        .mapToDouble(
            start -> {
              action.run();
              return (System.nanoTime() - start) / 1e9;
            })
        .min()
        .orElseThrow();
  }

  private static int[] integers(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::intValue).toArray();
  }

  private static JsonNode fixture(String name) throws IOException {
    try (InputStream in = BundledTokenizerTests.class.getResourceAsStream("/engine/" + name)) {
      return JsonMapper.shared().readTree(in.readAllBytes());
    }
  }
}

package io.galerne.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SentencePieceTokenizerTests {
  private static final int A = 259;
  private static final int AB = 261;
  private static final int BLANK_A = 262;
  private static final int RUN = 264;

  @TempDir Path folder;
  private List<String> tokens;
  private int[] types;
  private float[] scores;

  /** {@code <unk>, <s>, </s>}, 256 bytes, then a few pieces. */
  @BeforeEach
  void vocabulary() {
    tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int b = 0; b < 256; b++) {
      tokens.add("<0x%02X>".formatted(b));
    }
    tokens.addAll(List.of("a", "b", "ab", "▁a", "▁", "▁▁▁", "<tool>", "<s"));
    types = new int[tokens.size()];
    Arrays.fill(types, 3, 259, 6);
    Arrays.fill(types, 259, types.length, 1);
    types[0] = 2;
    types[1] = types[2] = 3;
    types[RUN] = 4;
    types[RUN + 1] = 4;
    scores = new float[tokens.size()];
    scores[AB] = -1;
    scores[BLANK_A] = -2;
  }

  @Test
  void mergesTheHighestScoreFirst() {
    assertThat(read(file -> file).encode("ab")).containsExactly(263, AB);
    scores[AB] = -3;
    assertThat(read(file -> file).encode("ab")).containsExactly(BLANK_A, 260);
    scores[AB] = scores[BLANK_A];
    assertThat(read(file -> file).encode("ab")).as("the leftmost").containsExactly(BLANK_A, 260);
  }

  @Test
  void putsABlankBeforeTextIfTheFileSaysSo() {
    assertThat(read(file -> file).encode("a")).containsExactly(BLANK_A);
    assertThat(read(file -> file).encode("")).isEmpty();
    Tokenizer bare = read(file -> file.bool("tokenizer.ggml.add_space_prefix", false));
    assertThat(bare.encode("a")).containsExactly(A);
    assertThat(bare.addsBlank()).isFalse();
  }

  @Test
  void spellsUnknownCharactersInBytes() {
    Tokenizer tokenizer = read(file -> file);
    assertThat(tokenizer.encode("é\n")).containsExactly(263, 3 + 0xc3, 3 + 0xa9, 3 + '\n');
    assertThat(tokenizer.bytes(3 + 0xc3)).isEqualTo(new byte[] {(byte) 0xc3});
    assertThat(tokenizer.bytes(BLANK_A)).isEqualTo(" a".getBytes(StandardCharsets.UTF_8));
    assertThat(tokenizer.bytes(1)).isEmpty();
  }

  @Test
  void takesAddedTextWholeButNotWhatReadsLikeMarkup() {
    Tokenizer tokenizer = read(file -> file);
    assertThat(tokenizer.encode("a▁▁▁a")).containsExactly(BLANK_A, RUN, BLANK_A);
    assertThat(tokenizer.encode("<tool>")).doesNotContain(RUN + 1).hasSize(7);
    assertThat(tokenizer.encodeWithControlTokens("<tool>")).containsExactly(RUN + 1);
  }

  /** A vocabulary whose pieces lead up to a control token, or to a byte's notation. */
  @Test
  void neverMergesIntoAControlToken() {
    Tokenizer tokenizer = read(file -> file);
    assertThat(tokenizer.encode("<s>")).contains(RUN + 2).doesNotContain(1);
    types[1] = 1;
    assertThat(read(file -> file).encode("<s>")).as("where it is ordinary text").contains(1);
  }

  @Test
  void namesTheKeyOfWhatItCannotUse() {
    refuses("tokenizer.ggml.scores", file -> file.f32s("tokenizer.ggml.scores", 1, 2));
    scores[5] = Float.NaN;
    refuses("tokenizer.ggml.scores[5]", file -> file);
  }

  @Test
  void dropsTheFirstBlankOfAnAnswerThatIsATextOfItsOwn() {
    Tokenizer tokenizer = read(file -> file);
    assertThat(answer(StreamDecoder.after(tokenizer, new int[] {1, 2}), tokenizer))
        .isEqualTo("a a");
    assertThat(answer(StreamDecoder.after(tokenizer, new int[] {1, A}), tokenizer))
        .isEqualTo(" a a");
    int[] turn = tokenizer.encode("a [/INST]");
    assertThat(answer(StreamDecoder.after(tokenizer, turn), tokenizer)).isEqualTo("a a");
    Tokenizer bare = read(file -> file.bool("tokenizer.ggml.add_space_prefix", false));
    assertThat(answer(StreamDecoder.after(bare, new int[] {1, 2}), bare)).isEqualTo(" a a");
  }

  private static String answer(StreamDecoder decoder, Tokenizer tokenizer) {
    return decoder.append(tokenizer.bytes(1))
        + decoder.append(tokenizer.bytes(BLANK_A))
        + decoder.append(tokenizer.bytes(BLANK_A))
        + decoder.finish();
  }

  /** With a real vocabulary of llama's, cut down to some of its tokens. */
  @Test
  void encodesHugeTextsInTime() throws IOException {
    JsonNode llama =
        ReducedVocabularies.fixture("vocabularies.json.gz")
            .filter(entry -> entry.get("name").stringValue().equals("llama-spm"))
            .findFirst()
            .orElseThrow();
    Tokenizer tokenizer = ReducedVocabularies.read(llama.get("vocabulary"), folder);
    Random random = new Random(1);
    StringBuilder letters = new StringBuilder();
    random.ints(1 << 20, 'a', 'z' + 1).forEach(letter -> letters.append((char) letter));
    for (String text :
        List.of(
            "a".repeat(1 << 20),
            " ".repeat(1 << 20) + "x",
            letters.toString(),
            "日".repeat(1 << 19))) {
      long start = System.nanoTime();
      assertThat(tokenizer.encode(text)).isNotEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  private void refuses(String key, UnaryOperator<GgufWriter> change) {
    assertThatExceptionOfType(GgufException.class)
        .isThrownBy(() -> read(change))
        .withMessageStartingWith(key + ": ");
  }

  private Tokenizer read(UnaryOperator<GgufWriter> change) {
    GgufWriter writer =
        new GgufWriter()
            .string("tokenizer.ggml.model", "llama")
            .strings("tokenizer.ggml.tokens", tokens)
            .i32s("tokenizer.ggml.token_type", types)
            .f32s("tokenizer.ggml.scores", scores)
            .u32("tokenizer.ggml.bos_token_id", 1)
            .u32("tokenizer.ggml.eos_token_id", 2);
    try (GgufFile file = GgufFile.open(change.apply(writer).write(folder.resolve("spm.gguf")))) {
      return Tokenizers.fromGguf(file.metadata());
    }
  }
}

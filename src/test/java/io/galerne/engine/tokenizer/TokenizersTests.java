package io.galerne.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a vocabulary must be, on one of eight tokens. */
class TokenizersTests {
  private static final List<String> TOKENS =
      List.of("a", "b", "ab", "Ġ", "<s>", "<tool>", "é", "aba");
  private static final int[] TYPES = {1, 1, 1, 1, 3, 4, 1, 1};

  @TempDir Path folder;

  @Test
  void encodesAndDecodesByRank() {
    Tokenizer tokenizer = read(file -> file);
    assertThat(tokenizer.encode("abab aba")).containsExactly(2, 2, 3, 7);
    assertThat(tokenizer.encode("zab")).as("z has no token").containsExactly(2);
    assertThat(tokenizer.bytes(2)).isEqualTo(new byte[] {'a', 'b'});
    assertThat(tokenizer.bytes(3)).isEqualTo(new byte[] {' '});
    assertThat(tokenizer.bytes(6)).isEqualTo(new byte[] {(byte) 0xe9});
  }

  @Test
  void showsTokensAddedByHandAndHidesControlTokens() {
    Tokenizer tokenizer = read(file -> file);
    assertThat(tokenizer.encodeWithControlTokens("<s>ab<tool>")).containsExactly(4, 2, 5);
    assertThat(tokenizer.controlTokens()).containsExactly("<tool>", "<s>");
    assertThat(tokenizer.isControl(5)).isFalse();
    assertThat(tokenizer.bytes(5)).isEqualTo("<tool>".getBytes(StandardCharsets.UTF_8));
    assertThat(tokenizer.bytes(4)).isEmpty();
  }

  @Test
  void addsTheBeginningOnlyWhereTheFileOrItsKindAsksForIt() {
    assertThat(read(file -> file).addsBeginOfSequence()).isFalse();
    assertThat(read(file -> file.bool("tokenizer.ggml.add_bos_token", true)))
        .satisfies(tokenizer -> assertThat(tokenizer.addsBeginOfSequence()).isTrue())
        .satisfies(tokenizer -> assertThat(tokenizer.beginOfSequence()).isEqualTo("<s>"));
    assertThat(read(file -> file.string("tokenizer.ggml.pre", "llama-bpe")).addsBeginOfSequence())
        .isTrue();
  }

  @Test
  void endsAtTheTokensThatTheFileNames() {
    Tokenizer tokenizer =
        read(
            file ->
                file.u32("tokenizer.ggml.eos_token_id", 1).u32("tokenizer.ggml.eot_token_id", 7));
    assertThat(tokenizer.isEndOfGeneration(1)).isTrue();
    assertThat(tokenizer.isEndOfGeneration(7)).isTrue();
    assertThat(tokenizer.isEndOfGeneration(0)).isFalse();
    assertThat(tokenizer.endOfSequence()).isEqualTo("b");
    assertThat(read(file -> file).endOfSequence()).isEmpty();
  }

  /** A file could list merges that lead from ordinary text to a control token. */
  @Test
  void neverMergesIntoAControlToken() {
    List<String> tokens = List.of("a", "b", "ab");
    UnaryOperator<GgufWriter> vocabulary =
        file ->
            file.u32("tokenizer.ggml.bos_token_id", 0)
                .strings("tokenizer.ggml.tokens", tokens)
                .strings("tokenizer.ggml.merges", List.of("a b"));
    assertThat(read(file -> vocabulary.apply(file).i32s("tokenizer.ggml.token_type", 1, 1, 3)))
        .satisfies(tokenizer -> assertThat(tokenizer.encode("ab")).containsExactly(0, 1));
    assertThat(read(file -> vocabulary.apply(file).i32s("tokenizer.ggml.token_type", 1, 1, 1)))
        .satisfies(tokenizer -> assertThat(tokenizer.encode("ab")).containsExactly(2));
  }

  @Test
  void namesTheKeyOfWhatItCannotUse() {
    refuses("tokenizer.ggml.model", file -> file.string("tokenizer.ggml.model", "bert"));
    refuses("tokenizer.ggml.scores", file -> file.string("tokenizer.ggml.model", "llama"));
    refuses("tokenizer.ggml.model", file -> file.u32("tokenizer.ggml.model", 1));
    refuses("tokenizer.ggml.pre", file -> file.string("tokenizer.ggml.pre", "unheard-of"));
    refuses("tokenizer.ggml.tokens", file -> file.strings("tokenizer.ggml.tokens", List.of()));
    refuses("tokenizer.ggml.tokens", file -> file.i32s("tokenizer.ggml.tokens", 1));
    refuses("tokenizer.ggml.tokens[2]", file -> tokens(file, "a", "b", "a"));
    refuses("tokenizer.ggml.tokens[1]", file -> tokens(file, "a", "b".repeat(5000)));
    refuses("tokenizer.ggml.token_type", file -> file.i32s("tokenizer.ggml.token_type", 1, 1));
    refuses(
        "tokenizer.ggml.token_type[7]",
        file -> file.i32s("tokenizer.ggml.token_type", 1, 1, 1, 1, 1, 1, 1, 9));
    refuses("tokenizer.ggml.merges[0]", file -> merges(file, "ab"));
    refuses("tokenizer.ggml.merges[1]", file -> merges(file, "a b", "a z"));
    refuses("tokenizer.ggml.merges[0]", file -> merges(file, "b b"));
    refuses("tokenizer.ggml.bos_token_id", file -> file.u32("tokenizer.ggml.bos_token_id", 8));
    refuses("tokenizer.ggml.eos_token_id", file -> file.i32("tokenizer.ggml.eos_token_id", -1));
    refuses(
        "tokenizer.ggml.eot_token_id", file -> file.u32("tokenizer.ggml.eot_token_id", 1 << 30));
  }

  @Test
  void namesTheKeyThatIsMissing() {
    Path path = new GgufWriter().string("general.name", "none").write(folder.resolve("none.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      assertThatExceptionOfType(GgufException.class)
          .isThrownBy(() -> Tokenizers.fromGguf(file.metadata()))
          .withMessage("tokenizer.ggml.model: is missing");
    }
  }

  private void refuses(String field, UnaryOperator<GgufWriter> change) {
    assertThatExceptionOfType(GgufException.class)
        .isThrownBy(() -> read(change))
        .extracting(GgufException::field)
        .isEqualTo(field);
  }

  private static GgufWriter tokens(GgufWriter file, String... tokens) {
    int[] types = new int[tokens.length];
    Arrays.fill(types, 1);
    return file.u32("tokenizer.ggml.bos_token_id", 0)
        .strings("tokenizer.ggml.tokens", List.of(tokens))
        .i32s("tokenizer.ggml.token_type", types);
  }

  private static GgufWriter merges(GgufWriter file, String... merges) {
    return file.strings("tokenizer.ggml.merges", List.of(merges));
  }

  private Tokenizer read(UnaryOperator<GgufWriter> change) {
    GgufWriter writer =
        new GgufWriter()
            .string("tokenizer.ggml.model", "gpt2")
            .string("tokenizer.ggml.pre", "gpt-2")
            .strings("tokenizer.ggml.tokens", TOKENS)
            .i32s("tokenizer.ggml.token_type", TYPES)
            .strings("tokenizer.ggml.merges", List.of("a b", "ab a"))
            .u32("tokenizer.ggml.bos_token_id", 4);
    Path path = change.apply(writer).write(folder.resolve("vocabulary.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      return Tokenizers.fromGguf(file.metadata());
    }
  }
}

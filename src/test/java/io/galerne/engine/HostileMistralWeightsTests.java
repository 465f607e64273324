package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufEdit;
import io.galerne.engine.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@link HostileWeightsTests} does, for the fields of a mixture of experts with a sliding
 * window, scaled positions and a SentencePiece vocabulary.
 */
@Timeout(20)
class HostileMistralWeightsTests {
  private static final long ALLOCATED_MAX = 16 << 20;
  private static final String TOKENS = "tokenizer.ggml.tokens";
  private static final String SCORES = "tokenizer.ggml.scores";
  private static final String TYPES = "tokenizer.ggml.token_type";
  private static final int VOCABULARY = 13;

  @TempDir Path folder;

  static Stream<Arguments> hostile() {
    return Stream.of(mixture(), experts(), window(), scaling(), scores(), kinds())
        .flatMap(List::stream);
  }

  private static List<Arguments> mixture() {
    String count = "llama.expert_count";
    String used = "llama.expert_used_count";
    List<Arguments> rows = new ArrayList<>();
    for (long value : new long[] {1025, 1 << 20, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL}) {
      rows.add(overwritten(count, value, count));
      rows.add(overwritten(used, value, used));
    }
    for (long value : new long[] {0, 5}) {
      rows.add(overwritten(used, value, used));
    }
    rows.add(overwritten(count, 0, used));
    rows.add(overwritten(count, 1, used));
    rows.add(overwritten(count, 3, "tensor blk.0.ffn_gate_inp.weight"));
    rows.add(overwritten(count, 1024, "tensor blk.0.ffn_gate_inp.weight"));
    rows.add(changed(used, writer -> writer.without(used)));
    for (String key : List.of(count, used)) {
      rows.add(changed(key, writer -> writer.i32(key, -1)));
      rows.add(changed(key, writer -> writer.string(key, "2")));
      rows.add(changed(key, writer -> writer.f32(key, 2)));
      rows.add(changed(key, writer -> writer.u64(key, Long.MIN_VALUE)));
    }
    return rows;
  }

  private static List<Arguments> experts() {
    String tensor = "tensor blk.0.ffn_up_exps.weight";
    List<Arguments> rows = new ArrayList<>();
    for (long value : new long[] {0, -1, 1L << 31, 1L << 61}) {
      rows.add(overwritten(tensor + ".shape[2]", value, tensor + ".shape[2]"));
    }
    rows.add(overwritten(tensor + ".shape[2]", 2, tensor));
    rows.add(overwritten(tensor + ".shape[2]", 1 << 30, tensor + ".shape[2]"));
    rows.add(overwritten(tensor + ".n_dims", 4, tensor + ".shape[3]"));
    rows.add(
        overwritten(
            "tensor blk.0.ffn_gate_inp.weight.shape[1]", 2, "tensor blk.0.ffn_gate_inp.weight"));
    return rows;
  }

  private static List<Arguments> window() {
    String key = "llama.attention.sliding_window";
    List<Arguments> rows = new ArrayList<>();
    for (long value : new long[] {0x8000_0000L, 0xffff_ffffL}) {
      rows.add(overwritten(key, value, key));
    }
    rows.add(changed(key, writer -> writer.i32(key, -1)));
    rows.add(changed(key, writer -> writer.string(key, "24")));
    rows.add(changed(key, writer -> writer.f32(key, 24.5f)));
    rows.add(changed(key, writer -> writer.u64(key, 1L << 32)));
    return rows;
  }

  private static List<Arguments> scaling() {
    List<Arguments> rows = new ArrayList<>();
    for (String name :
        List.of("factor", "yarn_beta_fast", "yarn_beta_slow", "attn_factor", "yarn_attn_factor")) {
      String key = "llama.rope.scaling." + name;
      for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 0, -2, 1e30f}) {
        rows.add(changed(key, writer -> writer.f32(key, value)));
      }
      rows.add(changed(key, writer -> writer.string(key, "2")));
    }
    String original = "llama.rope.scaling.original_context_length";
    for (long value : new long[] {0, 0x8000_0000L, 0xffff_ffffL}) {
      rows.add(overwritten(original, value, original));
    }
    String type = "llama.rope.scaling.type";
    for (String text : List.of("", "YARN", "longrope", "x".repeat(5000))) {
      rows.add(changed(type, writer -> writer.string(type, text)));
    }
    rows.add(changed("llama.rope.freq_base", writer -> writer.f32("llama.rope.freq_base", 1)));
    return rows;
  }

  /** Declared with a narrower element, a reader of floats would run past the end. */
  private static List<Arguments> scores() {
    List<Arguments> rows = new ArrayList<>();
    for (long value : new long[] {-1, 1L << 62, 1 << 20}) {
      rows.add(overwritten(SCORES + " length", value, SCORES));
    }
    // Twice as wide, they swallow the key that follows.
    rows.add(overwritten(SCORES + " element type", 12, "kv[21]"));
    rows.add(changed(SCORES, writer -> writer.i32s(SCORES, new int[VOCABULARY])));
    rows.add(changed(SCORES, writer -> writer.u8s(SCORES, new byte[VOCABULARY])));
    rows.add(changed(SCORES, writer -> writer.strings(SCORES, strings())));
    rows.add(changed(SCORES, writer -> writer.f32s(SCORES, new float[VOCABULARY - 1])));
    rows.add(changed(SCORES, writer -> writer.f32s(SCORES, new float[VOCABULARY + 1])));
    rows.add(changed(SCORES, writer -> writer.f32s(SCORES)));
    rows.add(changed(SCORES, writer -> writer.f32(SCORES, 1)));
    rows.add(changed(SCORES, writer -> writer.without(SCORES)));
    float[] scores = new float[VOCABULARY];
    scores[7] = Float.NaN;
    rows.add(changed(SCORES + "[7]", writer -> writer.f32s(SCORES, scores)));
    return rows;
  }

  private static List<Arguments> kinds() {
    List<Arguments> rows = new ArrayList<>();
    rows.add(changed(TYPES + "[0]", writer -> writer.u8s(TYPES, new byte[VOCABULARY])));
    rows.add(changed(TYPES, writer -> writer.i32s(TYPES, new int[VOCABULARY - 1])));
    for (int kind : new int[] {0, -1, 7, Integer.MIN_VALUE}) {
      rows.add(overwritten(TYPES + "[3]", kind, TYPES + "[3]"));
    }
    for (String text :
        List.of("<0x-1>", "<0x+1>", "<0xZZ>", "<0x1>", "<0x100>", "0x0A", "<0x\uff11\uff11>")) {
      rows.add(
          changed(
              TOKENS + "[3]",
              writer -> {
                List<String> tokens = new ArrayList<>(FuzzCorpus.sentencePieceVocabulary(writer));
                tokens.set(3, text);
                return writer.strings(TOKENS, tokens);
              }));
    }
    for (String key : List.of("unknown_token_id", "bos_token_id", "eos_token_id")) {
      for (long id : new long[] {VOCABULARY, 0x7fff_ffff, 0xffff_ffffL}) {
        rows.add(overwritten("tokenizer.ggml." + key, id, "tokenizer.ggml." + key));
      }
    }
    String blank = "tokenizer.ggml.add_space_prefix";
    rows.add(overwritten(blank, 2, blank));
    rows.add(changed(blank, writer -> writer.u32(blank, 1)));
    return rows;
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void isRefusedByTheNameOfTheField(String field, byte[] file) throws IOException {
    Loading.Outcome outcome = Loading.of(Files.write(folder.resolve("hostile.gguf"), file));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Loading.Refused.class, refused -> assertThat(refused.field()).isEqualTo(field));
    assertThat(outcome.allocatedBytes()).isLessThan(ALLOCATED_MAX);
  }

  /** Extremes that mean something, and what belongs to another kind of vocabulary. */
  @Test
  void whatIsOddButHarmlessAnswers() throws IOException {
    String window = "llama.attention.sliding_window";
    String map = "tokenizer.ggml.precompiled_charsmap";
    float[] infinite = new float[VOCABULARY];
    Arrays.fill(infinite, Float.NEGATIVE_INFINITY);
    for (GgufWriter odd :
        List.of(
            honest().u32(window, 0),
            honest().u32(window, 1),
            honest().u32(window, Integer.MAX_VALUE),
            honest().u32("llama.expert_used_count", 4),
            honest().f32s(SCORES, infinite),
            honest().u8s(map, new byte[1]),
            honest().u8s(map, new byte[3]))) {
      Path path = Files.write(folder.resolve("odd.gguf"), odd.toByteArray());
      assertThat(Loading.of(path)).isInstanceOf(Loading.Loaded.class);
    }
  }

  private static GgufWriter honest() {
    return FuzzCorpus.mixture(GgmlType.Q5_0, true);
  }

  private static List<String> strings() {
    return Collections.nCopies(VOCABULARY, "1");
  }

  private static Arguments overwritten(String name, long value, String field) {
    byte[] file = new GgufEdit(honest()).set(name, value).toByteArray();
    return argumentSet(name + " = " + value, field, file);
  }

  private static Arguments changed(String field, UnaryOperator<GgufWriter> change) {
    return argumentSet(field, field, change.apply(honest()).toByteArray());
  }
}

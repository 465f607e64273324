package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufEdit;
import io.galerne.engine.gguf.GgufWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A whole model in which one field lies, for each field that has brought down some loader: the
 * field is named, and next to nothing was allocated.
 */
@Timeout(20)
class HostileWeightsTests {
  private static final long ALLOCATED_MAX = 16 << 20;
  private static final String VOCABULARY = "tokenizer.ggml.tokens";

  @TempDir Path folder;

  static Stream<Arguments> hostile() {
    return Stream.of(header(), lengths(), tensors(), shapes(), numbers(), vocabularies())
        .flatMap(List::stream);
  }

  private static List<Arguments> header() {
    List<Arguments> rows = new ArrayList<>();
    for (long value : new long[] {0, -1, 0x46554748, 0x47475546}) {
      rows.add(overwritten("header.magic", value, "header.magic"));
    }
    for (long value : new long[] {0, 1, 4, -1, 3 << 24}) {
      rows.add(overwritten("header.version", value, "header.version"));
    }
    for (long value : new long[] {-1, 1L << 60, 0x0AAA_AAAA_AAAA_AAABL, Long.MIN_VALUE, 4097}) {
      rows.add(overwritten("header.n_kv", value, "header.n_kv"));
      rows.add(overwritten("header.n_tensors", value, "header.n_tensors"));
    }
    rows.add(overwritten("header.n_kv", 0, "tensor general.architecture.n_dims"));
    rows.add(overwritten("header.n_tensors", 0, "tensor token_embd.weight"));
    return rows;
  }

  private static List<Arguments> lengths() {
    List<Arguments> rows = new ArrayList<>();
    for (long value : new long[] {-1, 1L << 62, Long.MAX_VALUE, 1L << 31, 1 << 20}) {
      rows.add(overwritten("kv[1] length", value, "kv[1]"));
      rows.add(overwritten("tensor[0] length", value, "tensor[0]"));
      for (String key : List.of("general.architecture", "tokenizer.chat_template")) {
        rows.add(overwritten(key + " length", value, key));
      }
      for (String key : List.of(VOCABULARY, "tokenizer.ggml.merges", "tokenizer.ggml.token_type")) {
        rows.add(overwritten(key + " length", value, key));
      }
      rows.add(overwritten(VOCABULARY + "[3] length", value, VOCABULARY + "[3]"));
      rows.add(overwritten("tokenizer.ggml.merges[1] length", value, "tokenizer.ggml.merges[1]"));
    }
    rows.add(overwritten("kv[0] length", 0, "kv[0]"));
    rows.add(overwritten(VOCABULARY + " element type", 9, VOCABULARY));
    rows.add(overwritten(VOCABULARY + " element type", 13, VOCABULARY));
    return rows;
  }

  private static List<Arguments> tensors() {
    String tensor = "tensor blk.0.attn_q.weight";
    List<Arguments> rows = new ArrayList<>();
    for (long value : new long[] {0, -1, 1L << 31, 1L << 61, Long.MIN_VALUE}) {
      rows.add(overwritten(tensor + ".shape[0]", value, tensor + ".shape[0]"));
      rows.add(overwritten(tensor + ".shape[1]", value, tensor + ".shape[1]"));
    }
    rows.add(overwritten(tensor + ".shape[1]", 1 << 30, tensor + ".shape"));
    rows.add(overwritten(tensor + ".shape[1]", 16, tensor));
    for (long value : new long[] {0, 5, -1}) {
      rows.add(overwritten(tensor + ".n_dims", value, tensor + ".n_dims"));
    }
    for (long value : new long[] {-1, 4, 99}) {
      rows.add(overwritten(tensor + ".type", value, tensor + ".type"));
    }
    for (long value : new long[] {-1, -32, 8, 32, 1 << 20, 1L << 62, Long.MAX_VALUE - 31}) {
      rows.add(overwritten(tensor + ".offset", value, tensor + ".offset"));
    }
    for (long value : new long[] {0, 1, 3, 48, 1 << 17, 1L << 31, -1}) {
      rows.add(changed("general.alignment", writer -> writer.u32("general.alignment", value)));
    }
    return rows;
  }

  private static List<Arguments> shapes() {
    List<Arguments> rows = new ArrayList<>();
    for (String key :
        List.of(
            "llama.block_count",
            "llama.embedding_length",
            "llama.feed_forward_length",
            "llama.context_length",
            "llama.attention.head_count",
            "llama.attention.head_count_kv",
            "llama.attention.key_length")) {
      for (long value : new long[] {0, 0x8000_0000L, 0xffff_ffffL}) {
        rows.add(overwritten(key, value, key));
      }
      rows.add(changed(key, writer -> writer.i32(key, -1)));
      rows.add(changed(key, writer -> writer.string(key, "1")));
      rows.add(changed(key, writer -> writer.f32(key, 2)));
      rows.add(changed(key, writer -> writer.u64(key, Long.MIN_VALUE)));
    }
    for (String key : List.of("llama.block_count", "llama.embedding_length")) {
      rows.add(overwritten(key, 1 << 21, key));
    }
    rows.add(overwritten("llama.attention.head_count", 1 << 30, "llama.attention.head_count"));
    rows.add(overwritten("llama.attention.head_count_kv", 3, "llama.attention.head_count_kv"));
    rows.add(overwritten("llama.attention.key_length", 17, "llama.attention.key_length"));
    rows.add(overwritten("llama.attention.key_length", 1 << 30, "llama.attention.key_length"));
    rows.add(overwritten("llama.attention.value_length", 8, "llama.attention.value_length"));
    for (long value : new long[] {3, 18, 1L << 30, 0xffff_ffffL}) {
      String key = "llama.rope.dimension_count";
      rows.add(overwritten(key, value, key));
    }
    rows.add(overwritten("llama.block_count", 2, "tensor blk.1.attn_norm.weight"));
    rows.add(overwritten("llama.block_count", 512, "tensor blk.1.attn_norm.weight"));
    rows.add(overwritten("llama.embedding_length", 64, "tensor token_embd.weight"));
    rows.add(overwritten("llama.expert_count", 0xffff_ffffL, "llama.expert_count"));
    rows.add(overwritten("llama.attention.sliding_window", -1, "llama.attention.sliding_window"));
    return rows;
  }

  private static List<Arguments> numbers() {
    List<Arguments> rows = new ArrayList<>();
    for (String key : List.of("llama.rope.freq_base", "llama.attention.layer_norm_rms_epsilon")) {
      for (float value :
          new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, -1}) {
        rows.add(changed(key, writer -> writer.f32(key, value)));
      }
      rows.add(changed(key, writer -> writer.f64(key, 1e300)));
      rows.add(changed(key, writer -> writer.f64(key, Double.NaN)));
    }
    for (String key : List.of("general.architecture", "llama.rope.scaling.type")) {
      rows.add(changed(key, writer -> writer.string(key, "nosuch")));
      rows.add(changed(key, writer -> writer.u32(key, 1)));
    }
    return rows;
  }

  private static List<Arguments> vocabularies() {
    List<String> fewer = Collections.nCopies(17, "x");
    String template = "tokenizer.chat_template";
    List<Arguments> rows = new ArrayList<>();
    rows.add(changed(VOCABULARY, writer -> writer.strings(VOCABULARY, List.of())));
    rows.add(changed(VOCABULARY, writer -> writer.i32s(VOCABULARY, 1, 2)));
    rows.add(changed("tokenizer.ggml.token_type", writer -> writer.strings(VOCABULARY, fewer)));
    rows.add(token("x".repeat(5000), VOCABULARY + "[17]"));
    rows.add(token("a", VOCABULARY + "[17]"));
    rows.add(changed("kv[27]", writer -> writer.string("k".repeat(300), "")));
    for (String key :
        List.of(
            "tokenizer.ggml.bos_token_id",
            "tokenizer.ggml.eos_token_id",
            "tokenizer.ggml.eot_token_id")) {
      for (long id : new long[] {18, 0x7fff_ffff, 0x8000_0000L, 0xffff_ffffL}) {
        rows.add(overwritten(key, id, key));
      }
    }
    rows.add(merges("tokenizer.ggml.merges[1]", "a b", "ab"));
    rows.add(merges("tokenizer.ggml.merges[0]", "a z"));
    rows.add(merges("tokenizer.ggml.merges[0]", "a m"));
    rows.add(merges("tokenizer.ggml.merges[0]", ""));
    rows.add(types("tokenizer.ggml.token_type[0]", 0));
    rows.add(types("tokenizer.ggml.token_type[0]", -1));
    rows.add(types("tokenizer.ggml.token_type[0]", 7));
    rows.add(
        changed(
            "tokenizer.ggml.token_type",
            writer -> writer.i32s("tokenizer.ggml.token_type", new int[19])));
    rows.add(changed("tokenizer.ggml.model", writer -> writer.string("tokenizer.ggml.model", "x")));
    rows.add(changed("tokenizer.ggml.pre", writer -> writer.string("tokenizer.ggml.pre", "x")));
    rows.add(
        changed("tokenizer.ggml.add_bos_token", w -> w.u32("tokenizer.ggml.add_bos_token", 1)));
    for (String text :
        List.of(
            "{{", "{% if %}", "{{ " + "(".repeat(9000), " ".repeat(300_000), "{% include 'x' %}")) {
      rows.add(changed(template, writer -> writer.string(template, text)));
    }
    rows.add(changed(template, writer -> writer.string(template, "x".repeat((1 << 20) + 1))));
    return rows;
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void isRefusedByTheNameOfTheField(String field, byte[] file) throws IOException {
    Path path = Files.write(folder.resolve("hostile.gguf"), file);
    Loading.Outcome outcome = Loading.of(path);
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Loading.Refused.class, refused -> assertThat(refused.field()).isEqualTo(field));
    assertThat(outcome.allocatedBytes()).isLessThan(ALLOCATED_MAX);
  }

  @Test
  void isRefusedWhereverItIsCut() throws IOException {
    GgufEdit file = new GgufEdit(FuzzCorpus.dense(GgmlType.Q8_0, true));
    int[] places = file.boundaries();
    assertThat(places).hasSizeGreaterThan(200);
    for (int place : places) {
      for (int length : new int[] {Math.max(place - 1, 0), place, place + 1}) {
        Path path = Files.write(folder.resolve("cut.gguf"), file.cut(length));
        assertThat(Loading.of(path)).as("cut to %d", length).isInstanceOf(Loading.Refused.class);
      }
    }
  }

  @Test
  void whatIsNoFileIsRefused() throws IOException {
    assertThat(refused(folder.resolve("nosuch.gguf")).field()).isEqualTo("file");
    assertThat(refused(folder).field()).isEqualTo("file");
    Path empty = Files.createFile(folder.resolve("empty.gguf"));
    assertThat(refused(empty).field()).isEqualTo("header.magic");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDeviceThatNeverEndsIsRefused() {
    assertThat(refused(Path.of("/dev/zero")).message()).contains("not a regular file");
  }

  /** The control: what is opened without a look never comes back. */
  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aPipeThatNobodyWritesToIsRefused() throws Exception {
    Path pipe = folder.resolve("pipe.gguf");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThat(refused(pipe).message()).contains("not a regular file");
    Thread opening = Thread.ofPlatform().daemon().start(() -> open(pipe));
    assertThat(opening.join(Duration.ofMillis(200))).isFalse();
    FileChannel.open(pipe, StandardOpenOption.WRITE).close();
    assertThat(opening.join(Duration.ofSeconds(10))).isTrue();
  }

  /** A file with holes can be as long as it likes; each length in it is then plausible. */
  @Test
  void walkingOverALongHoleIsRefused() throws IOException {
    Path path = folder.resolve("hole.gguf");
    var file = new GgufEdit(FuzzCorpus.dense(GgmlType.F32, false));
    Files.write(path, file.set(VOCABULARY + " length", 1 << 23).toByteArray());
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), 1L << 40);
    }
    assertThat(refused(path).field()).startsWith(VOCABULARY);
    Files.write(path, file.set(VOCABULARY + " length", 1L << 33).toByteArray());
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), 1L << 40);
    }
    assertThat(refused(path).field()).isEqualTo(VOCABULARY);
  }

  /** The controls: what a loader that believes the file would ask the machine for. */
  @Test
  void withoutTheChecksTheNumbersWouldBringDownTheLoader() {
    long length = 1L << 62;
    assertThatExceptionOfType(NegativeArraySizeException.class)
        .isThrownBy(() -> assertThat(new byte[(int) (length >>> 31)]).isNull());
    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() -> assertThat(new ArrayList<>(Integer.MAX_VALUE)).isNull());
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> assertThat(FuzzCorpus.EMBEDDING / Integer.parseInt("0")).isZero());
    int wrapped = (1 << 30) * Integer.parseInt("4");
    assertThat(wrapped).as("2^30 rows of 4 columns").isZero();
  }

  private Loading.Refused refused(Path path) {
    return assertThat(Loading.of(path))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(Loading.Refused.class))
        .actual();
  }

  private static void open(Path pipe) {
    try {
      FileChannel.open(pipe, StandardOpenOption.READ).close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Arguments overwritten(String name, long value, String field) {
    GgufEdit edit = new GgufEdit(FuzzCorpus.dense(GgmlType.F32, true));
    return argumentSet(name + " = " + value, field, edit.set(name, value).toByteArray());
  }

  private static Arguments changed(
      String field, java.util.function.UnaryOperator<GgufWriter> change) {
    GgufWriter writer = change.apply(FuzzCorpus.dense(GgmlType.F32, true));
    return argumentSet(field, field, writer.toByteArray());
  }

  private static Arguments token(String text, String field) {
    List<String> tokens = new ArrayList<>(FuzzCorpus.vocabulary());
    tokens.set(tokens.size() - 1, text);
    return changed(
        field,
        writer -> writer.strings(VOCABULARY, tokens).strings("tokenizer.ggml.merges", List.of()));
  }

  private static Arguments merges(String field, String... merges) {
    return changed(field, writer -> writer.strings("tokenizer.ggml.merges", List.of(merges)));
  }

  private static Arguments types(String field, int first) {
    int[] types = Collections.nCopies(18, 1).stream().mapToInt(i -> i).toArray();
    types[0] = first;
    return changed(field, writer -> writer.i32s("tokenizer.ggml.token_type", types));
  }
}

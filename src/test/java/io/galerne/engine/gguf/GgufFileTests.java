package io.galerne.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufFileTests {
  private static final Path BUNDLED = Path.of("models/smollm2-135m-instruct-q4_1.gguf");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void readsBackWhatWasWritten(int version) {
    Path path =
        new GgufWriter()
            .version(version)
            .alignment(64)
            .string("general.name", "Zoë")
            .u8("a.u8", 255)
            .u32("a.u32", 0x7fffffffL)
            .i32("a.i32", -7)
            .u64("a.u64", 9)
            .f32("a.f32", 1.5f)
            .f64("a.f64", 2.5)
            .bool("a.bool", true)
            .strings("a.strings", List.of("", "x", "日本"))
            .i32s("a.i32s", 1, -2, 3)
            .f32s("a.f32s", 0.5f, Float.NaN)
            .tensor("one", new float[] {1, 2, 3, 4, 5, 6}, 3, 2)
            .tensor("two", GgmlType.Q4_1, new byte[40], 64)
            .write(folder.resolve("all.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      GgufMetadata metadata = file.metadata();
      assertThat(metadata.string("general.name")).isEqualTo("Zoë");
      assertThat(metadata.findString("general.none")).isEmpty();
      assertThat(metadata.integer("a.u8")).isEqualTo(255);
      assertThat(metadata.integer("a.u32")).isEqualTo(Integer.MAX_VALUE);
      assertThat(metadata.integer("a.i32")).isEqualTo(-7);
      assertThat(metadata.integer("a.u64")).isEqualTo(9);
      assertThat(metadata.integer("a.none", 4)).isEqualTo(4);
      assertThat(metadata.number("a.f32")).isEqualTo(1.5f);
      assertThat(metadata.number("a.f64")).isEqualTo(2.5f);
      assertThat(metadata.number("a.i32", 1)).isEqualTo(-7f);
      assertThat(metadata.bool("a.bool", false)).isTrue();
      assertThat(metadata.bool("a.none", false)).isFalse();
      assertThat(metadata.strings("a.strings")).containsExactly("", "x", "日本");
      assertThat(metadata.integers("a.i32s")).containsExactly(1, -2, 3);
      assertThat(metadata.floats("a.f32s")).containsExactly(0.5f, Float.NaN);
      assertThat(metadata.contains("a.f32s")).isTrue();
      assertThat(file.tensors()).extracting(GgufTensor::name).containsExactly("one", "two");
      GgufTensor one = file.tensor("one");
      assertThat(one.columns()).isEqualTo(3);
      assertThat(one.rows()).isEqualTo(2);
      assertThat(one.data().toArray(ValueLayout.JAVA_FLOAT)).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(one.data().address() % 64).isZero();
      assertThat(file.tensor("two").data().byteSize()).isEqualTo(40);
      assertThat(file.find("three")).isEmpty();
      assertThat(file.path()).isEqualTo(path);
      assertThat(file.sizeBytes()).isEqualTo(path.toFile().length());
    }
  }

  @Test
  void namesTheKeyThatIsMissingOrOfAnotherType() {
    Path path =
        new GgufWriter()
            .string("a.string", "x")
            .u32("a.big", 0xffffffffL)
            .u64("a.huge", -1)
            .f32("a.nan", Float.NaN)
            .i32s("a.array", 1)
            .f32s("a.floats", 1)
            .value("a.latin", GgufValueType.STRING, bytes -> bytes.u64(1).u8(0xe9))
            .write(folder.resolve("types.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      GgufMetadata metadata = file.metadata();
      assertFails("a.none", "is missing", () -> metadata.string("a.none"));
      assertFails("a.none", "is missing", () -> metadata.integers("a.none"));
      assertFails("a.string", "must be an integer", () -> metadata.integer("a.string"));
      assertFails("a.array", "must be an integer", () -> metadata.integer("a.array", 1));
      assertFails("a.string", "must be a bool", () -> metadata.bool("a.string", false));
      assertFails("a.big", "must be a string but is UINT32", () -> metadata.string("a.big"));
      assertFails("a.big", "out of the range", () -> metadata.integer("a.big"));
      assertFails("a.huge", "out of the range", () -> metadata.integer("a.huge"));
      assertFails("a.nan", "not a finite number", () -> metadata.number("a.nan"));
      assertFails("a.array", "must be an array of floats", () -> metadata.floats("a.array"));
      assertFails("a.floats", "must be an array of integers", () -> metadata.integers("a.floats"));
      assertFails("a.floats", "must be an array of strings", () -> metadata.strings("a.floats"));
      assertFails("a.latin", "not valid UTF-8", () -> metadata.string("a.latin"));
      assertFails("tensor none", "is missing", () -> file.tensor("none"));
    }
  }

  @Test
  void namesTheFileThatCannotBeRead() {
    assertFails("file", "none.gguf", () -> GgufFile.open(folder.resolve("none.gguf")));
    assertFails("file", "cannot be read", () -> GgufFile.open(folder));
  }

  @Test
  void isUnreachableAfterClosing() {
    Path path =
        new GgufWriter().tensor("one", new float[] {1}, 1).write(folder.resolve("closed.gguf"));
    GgufFile file = GgufFile.open(path);
    GgufTensor tensor = file.tensor("one");
    assertThat(tensor.data().get(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(1);
    file.close();
    assertThatThrownBy(() -> tensor.data().get(ValueLayout.JAVA_FLOAT, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void opensTheBundledModel() {
    try (GgufFile file = GgufFile.open(BUNDLED)) {
      assertThat(file.metadata().string("general.architecture")).isEqualTo("llama");
      assertThat(file.metadata().integer("llama.block_count")).isEqualTo(30);
      assertThat(file.metadata().number("llama.rope.freq_base")).isEqualTo(100_000f);
      assertThat(file.metadata().strings("tokenizer.ggml.tokens")).hasSize(49_152);
      assertThat(file.tensors()).hasSize(272);
      GgufTensor embeddings = file.tensor("token_embd.weight");
      assertThat(embeddings.type()).isEqualTo(GgmlType.Q8_0);
      assertThat(embeddings.columns()).isEqualTo(576);
      assertThat(embeddings.rows()).isEqualTo(49_152);
    }
  }

  private static void assertFails(String field, String message, Runnable action) {
    assertThatExceptionOfType(GgufException.class)
        .isThrownBy(action::run)
        .withMessageContaining(message)
        .extracting(GgufException::field)
        .isEqualTo(field);
  }
}

package io.galerne.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.engine.TinyModel;
import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufWriter;
import io.galerne.engine.kernel.ComputePool;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LlamaConfigTests {
  @TempDir Path folder;

  @Test
  void readsTheShape() {
    LlamaConfig config = config(TinyModel.writer(GgmlType.F32, 1));
    assertThat(config.headSize()).isEqualTo(16);
    assertThat(config.kvSize()).isEqualTo(32);
    assertThat(config.contextTokens()).isEqualTo(256);
  }

  @Test
  void aSlidingWindowBoundsTheContext() {
    GgufWriter writer = TinyModel.writer(GgmlType.F32, 1);
    assertThat(config(writer.u32("llama.attention.sliding_window", 100)).contextTokens())
        .isEqualTo(100);
  }

  static Stream<Arguments> hostile() {
    return Stream.of(
        Arguments.of("llama.block_count", 0L),
        Arguments.of("llama.block_count", 513L),
        Arguments.of("llama.embedding_length", 0L),
        Arguments.of("llama.feed_forward_length", 0L),
        Arguments.of("llama.attention.head_count", 0L),
        Arguments.of("llama.attention.head_count", 5L),
        Arguments.of("llama.attention.head_count_kv", 0L),
        Arguments.of("llama.attention.head_count_kv", 3L),
        Arguments.of("llama.rope.dimension_count", 17L),
        Arguments.of("llama.rope.dimension_count", 15L),
        Arguments.of("llama.attention.key_length", 3L),
        Arguments.of("llama.attention.value_length", 8L),
        Arguments.of("llama.context_length", 0L),
        Arguments.of("llama.expert_count", 8L),
        Arguments.of("llama.embedding_length", 0xFFFFFFFFL));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void refusesWhatItCannotRunAndNamesTheField(String key, long value) {
    GgufWriter writer = TinyModel.writer(GgmlType.F32, 1).u32(key, value);
    assertThatThrownBy(() -> config(writer))
        .isInstanceOfSatisfying(GgufException.class, e -> assertThat(e.field()).contains(key));
  }

  @Test
  void refusesOtherArchitecturesAndNumbers() {
    GgufWriter writer = TinyModel.writer(GgmlType.F32, 1);
    assertThatThrownBy(() -> config(writer.f32("llama.rope.freq_base", Float.NaN)))
        .hasMessageContaining("llama.rope.freq_base");
    assertThatThrownBy(() -> config(writer.string("general.architecture", "gpt2")))
        .hasMessageContaining("general.architecture");
  }

  @Test
  void refusesTensorsOfAnotherShape() {
    assertThatThrownBy(() -> load(TinyModel.writer(GgmlType.F32, 1), 258))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining("token_embd.weight");
    GgufWriter norm =
        TinyModel.writer(GgmlType.F32, 1).tensor("blk.1.ffn_norm.weight", new float[32], 32);
    assertThatThrownBy(() -> load(norm, 259)).hasMessageContaining("blk.1.ffn_norm.weight");
    GgufWriter layers = TinyModel.writer(GgmlType.F32, 1).u32("llama.block_count", 3);
    assertThatThrownBy(() -> load(layers, 259)).hasMessageContaining("blk.2.");
  }

  private LlamaConfig config(GgufWriter writer) {
    try (GgufFile file = GgufFile.open(writer.write(folder.resolve("tiny.gguf")))) {
      return LlamaConfig.from(file.metadata());
    }
  }

  private void load(GgufWriter writer, int vocabulary) {
    try (GgufFile file = GgufFile.open(writer.write(folder.resolve("tiny.gguf")));
        var pool = new ComputePool(1)) {
      LlamaConfig config = LlamaConfig.from(file.metadata());
      LlamaLoader.load(file, config, vocabulary, Arena.ofAuto(), pool, bytes -> {});
    }
  }
}

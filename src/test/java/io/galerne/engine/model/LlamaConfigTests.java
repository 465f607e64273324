package io.galerne.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.engine.TinyModel;
import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufTensor;
import io.galerne.engine.gguf.GgufWriter;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.SegmentAllocator;
import java.nio.file.Path;
import java.util.List;
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
  void aSlidingWindowLeavesTheContext() {
    LlamaConfig config =
        config(TinyModel.writer(GgmlType.F32, 1).u32("llama.attention.sliding_window", 100));
    assertThat(config.slidingWindow()).isEqualTo(100);
    assertThat(config.contextTokens()).isEqualTo(TinyModel.CONTEXT);
    assertThat(Kernels.firstAttended(99, config.slidingWindow())).isZero();
    assertThat(Kernels.firstAttended(100, config.slidingWindow())).isEqualTo(1);
    assertThat(config(TinyModel.writer(GgmlType.F32, 1)).slidingWindow()).isZero();
  }

  @Test
  void headsNeedNotDivideTheEmbedding() {
    LlamaConfig config =
        config(
            TinyModel.writer(GgmlType.F32, 1)
                .u32("llama.attention.head_count", 6)
                .u32("llama.attention.key_length", 16)
                .u32("llama.attention.value_length", 16));
    assertThat(config.querySize()).isEqualTo(96);
    assertThat(config.kvSize()).isEqualTo(32);
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
        Arguments.of("llama.expert_count", 1025L),
        Arguments.of("llama.expert_count", 0xFFFFFFFFL),
        Arguments.of("llama.expert_used_count", 1L),
        Arguments.of("llama.expert_shared_count", 1L),
        Arguments.of("llama.expert_gating_func", 2L),
        Arguments.of("llama.attention.sliding_window", 0xFFFFFFFFL),
        Arguments.of("llama.rope.scaling.original_context_length", 0L),
        Arguments.of("llama.rope.scaling.factor", 0L),
        Arguments.of("llama.rope.scale_linear", 0L),
        Arguments.of("llama.embedding_length", 0xFFFFFFFFL));
  }

  static Stream<Arguments> hostileIntegers() {
    return Stream.of(
        Arguments.of("llama.expert_count", -1),
        Arguments.of("llama.expert_count", Integer.MAX_VALUE),
        Arguments.of("llama.expert_used_count", -1),
        Arguments.of("llama.expert_used_count", 0),
        Arguments.of("llama.expert_used_count", 9),
        Arguments.of("llama.attention.sliding_window", -1),
        Arguments.of("llama.attention.sliding_window", Integer.MIN_VALUE));
  }

  @ParameterizedTest
  @MethodSource("hostileIntegers")
  void refusesImpossibleMixturesAndWindows(String key, int value) {
    GgufWriter writer =
        TinyModel.writer(GgmlType.F32, 1)
            .u32("llama.expert_count", 8)
            .u32("llama.expert_used_count", 2)
            .i32(key, value);
    assertThatThrownBy(() -> config(writer))
        .isInstanceOfSatisfying(GgufException.class, e -> assertThat(e.field()).isEqualTo(key));
  }

  static Stream<Arguments> hostileNumbers() {
    return Stream.of(
        Arguments.of("llama.rope.freq_base", 0f),
        Arguments.of("llama.rope.freq_base", -1e4f),
        Arguments.of("llama.rope.freq_base", 1f),
        Arguments.of("llama.rope.scaling.factor", -1f),
        Arguments.of("llama.rope.scaling.factor", 1e-30f),
        Arguments.of("llama.rope.scaling.factor", 1e30f),
        Arguments.of("llama.rope.scaling.factor", Float.POSITIVE_INFINITY),
        Arguments.of("llama.rope.scaling.attn_factor", Float.NaN),
        Arguments.of("llama.rope.scaling.attn_factor", 0f),
        Arguments.of("llama.rope.scaling.yarn_beta_fast", 0f),
        Arguments.of("llama.rope.scaling.yarn_beta_slow", -1f),
        Arguments.of("llama.rope.scaling.yarn_ext_factor", 0.5f),
        Arguments.of("llama.rope.scaling.yarn_log_multiplier", -1f),
        Arguments.of("llama.attention.temperature_scale", -1f),
        Arguments.of("llama.attention.scale", -1f),
        Arguments.of("llama.attention.layer_norm_rms_epsilon", 0f),
        Arguments.of("llama.expert_weights_scale", 2f));
  }

  @ParameterizedTest
  @MethodSource("hostileNumbers")
  void refusesAbsurdNumbers(String key, float value) {
    GgufWriter writer =
        TinyModel.writer(GgmlType.F32, 1).string("llama.rope.scaling.type", "yarn").f32(key, value);
    assertThatThrownBy(() -> config(writer))
        .isInstanceOfSatisfying(GgufException.class, e -> assertThat(e.field()).isEqualTo(key));
  }

  @Test
  void refusesOtherKindsOfRopeScaling() {
    GgufWriter writer =
        TinyModel.writer(GgmlType.F32, 1).string("llama.rope.scaling.type", "longrope");
    assertThatThrownBy(() -> config(writer))
        .hasMessage("llama.rope.scaling.type: 'longrope' is not supported");
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

  @Test
  void refusesTensorsThatHaveNoPlace() {
    GgufWriter bias =
        TinyModel.writer(GgmlType.F32, 1).tensor("blk.0.ffn_up.bias", new float[96], 96);
    assertThatThrownBy(() -> load(bias, 259))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining("tensor blk.0.ffn_up.bias");
    GgufWriter table =
        TinyModel.writer(GgmlType.F32, 1).tensor("blk.0.attn_rot_embd.weight", new float[8], 8);
    assertThatCode(() -> load(table, 259)).doesNotThrowAnyException();
  }

  @Test
  void refusesAbsurdFactorsOfFrequencies() {
    for (float factor : new float[] {0, -1, Float.NaN, 1e30f}) {
      float[] factors = {1, 1, factor, 1, 1, 1, 1, 1};
      GgufWriter writer = TinyModel.writer(GgmlType.F32, 1).tensor("rope_freqs.weight", factors, 8);
      assertThatThrownBy(() -> load(writer, 259))
          .isInstanceOf(GgufException.class)
          .hasMessageContaining("tensor rope_freqs.weight");
    }
  }

  @Test
  void refusesExpertsOfAnotherShape() {
    GgufWriter missing = ReferenceModel.named("mixtral").fusedWriter();
    missing.u32("llama.expert_count", 9);
    assertThatThrownBy(() -> load(missing, 32)).hasMessageContaining("blk.0.ffn_gate_inp.weight");
    GgufWriter shape = ReferenceModel.named("mixtral").fusedWriter();
    shape.tensor("blk.2.ffn_down_exps.weight", new float[96 * 64 * 4], 96, 64, 4);
    assertThatThrownBy(() -> load(shape, 32)).hasMessageContaining("blk.2.ffn_down_exps.weight");
    GgufWriter dense = ReferenceModel.named("mistral-v3").writer();
    dense.u32("llama.expert_count", 8).u32("llama.expert_used_count", 2);
    assertThatThrownBy(() -> load(dense, 32)).hasMessageContaining("blk.0.ffn_gate_inp.weight");
  }

  /** The last tensor is wrong, and no memory was taken for those before it. */
  @Test
  void takesNoMemoryBeforeAllTensorsAreChecked() {
    GgufWriter writer =
        TinyModel.writer(GgmlType.F32, 1).tensor("output_norm.weight", new float[32], 32);
    SegmentAllocator none =
        (bytes, alignment) -> {
          throw new AssertionError("memory was taken");
        };
    assertThatThrownBy(() -> load(writer, 259, none)).hasMessageContaining("output_norm.weight");
    GgufWriter whole = TinyModel.writer(GgmlType.F32, 1);
    assertThatThrownBy(() -> load(whole, 259, none)).isInstanceOf(AssertionError.class);
  }

  @Test
  void readsNormsOfAllPlainTypes() {
    byte[] halves = new byte[128];
    byte[] bfloats = new byte[128];
    for (int i = 0; i < 64; i++) {
      halves[2 * i + 1] = 0x3C;
      bfloats[2 * i] = (byte) 0x80;
      bfloats[2 * i + 1] = 0x3F;
    }
    GgufWriter writer =
        TinyModel.writer(GgmlType.F32, 1)
            .tensor("blk.0.attn_norm.weight", GgmlType.F16, halves, 64)
            .tensor("blk.0.ffn_norm.weight", GgmlType.BF16, bfloats, 64);
    LlamaWeights.Layer layer = load(writer, 259).layers().getFirst();
    assertThat(layer.attentionNorm()).hasSize(64).containsOnly(1);
    assertThat(layer.feedForwardNorm()).hasSize(64).containsOnly(1);
    writer.tensor("blk.0.ffn_norm.weight", GgmlType.Q8_0, new byte[68], 64);
    assertThatThrownBy(() -> load(writer, 259)).hasMessageContaining("blk.0.ffn_norm.weight");
  }

  @Test
  void countsTheParametersThatATokenPasses() {
    for (GgufWriter writer :
        List.of(
            ReferenceModel.named("mixtral").writer(),
            ReferenceModel.named("mixtral").fusedWriter())) {
      try (GgufFile file = GgufFile.open(writer.write(folder.resolve("tiny.gguf")))) {
        long all = 0;
        for (GgufTensor tensor : file.tensors()) {
          all += (long) tensor.columns() * tensor.rows();
        }
        long expert = 3L * 64 * 96;
        assertThat(LlamaLoader.activeParameters(file, LlamaConfig.from(file.metadata())))
            .isEqualTo(all - 3 * 6 * expert);
      }
    }
  }

  private LlamaConfig config(GgufWriter writer) {
    try (GgufFile file = GgufFile.open(writer.write(folder.resolve("tiny.gguf")))) {
      return LlamaConfig.from(file.metadata());
    }
  }

  private LlamaWeights load(GgufWriter writer, int vocabulary) {
    return load(writer, vocabulary, Arena.ofAuto());
  }

  private LlamaWeights load(GgufWriter writer, int vocabulary, SegmentAllocator allocator) {
    try (GgufFile file = GgufFile.open(writer.write(folder.resolve("tiny.gguf")));
        var pool = new ComputePool(1)) {
      LlamaConfig config = LlamaConfig.from(file.metadata());
      return LlamaLoader.load(file, config, vocabulary, allocator, pool, bytes -> {});
    }
  }
}

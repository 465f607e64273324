package io.galerne.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufTensor;
import io.galerne.engine.gguf.GgufWriter;
import io.galerne.engine.gguf.Quantiser;
import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.kernel.MatrixPacker;
import io.galerne.engine.kernel.PackedRows;
import io.galerne.engine.kernel.Rungs;
import io.galerne.engine.kernel.ScalarKernels;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A whole model in each quantised type, with rows of whole super-blocks, beside the F32 model whose
 * weights are the numbers that the quantised ones stand for.
 */
class QuantisedModelTests {
  private static final int SIZE = 256;
  private static final int KV_SIZE = 64;
  private static final int VOCABULARY = 48;
  private static final int[] PROMPT = new Random(3).ints(12, 0, VOCABULARY).toArray();

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(value = GgmlType.class, names = "Q.*", mode = EnumSource.Mode.MATCH_ALL)
  void computesWithTheNumbersThatTheBlocksStandFor(GgmlType type) {
    Path quantised = writer(type, 1).write(folder.resolve("quantised.gguf"));
    Path dequantised = dequantised(quantised).write(folder.resolve("dequantised.gguf"));
    float[][] expected = logits(dequantised, new ScalarKernels());

    float[][] scalar = logits(quantised, new ScalarKernels());

    for (Kernels kernels : Rungs.fast()) {
      assertThat(logits(quantised, kernels)).as(kernels.name()).isDeepEqualTo(scalar);
    }
    assertThat(error(scalar, expected)).isLessThan(1e-8);
    Path original = writer(GgmlType.F32, 1).write(folder.resolve("original.gguf"));
    assertThat(error(scalar, logits(original, new ScalarKernels())))
        .as("control: quantisation itself shows")
        .isGreaterThan(1e-6);
  }

  private static float[][] logits(Path path, Kernels kernels) {
    try (var model = new ModelUnderTest(path, VOCABULARY, kernels, 2)) {
      return model.logits(PROMPT, 7);
    }
  }

  private static double error(float[][] logits, float[][] expected) {
    double error = 0;
    double power = 0;
    for (int i = 0; i < logits.length; i++) {
      for (int k = 0; k < VOCABULARY; k++) {
        double difference = (double) logits[i][k] - expected[i][k];
        error += difference * difference;
        power += (double) expected[i][k] * expected[i][k];
      }
    }
    return error / power;
  }

  private static GgufWriter metadata() {
    return new GgufWriter()
        .string("general.architecture", "llama")
        .u32("llama.block_count", 1)
        .u32("llama.context_length", 64)
        .u32("llama.embedding_length", SIZE)
        .u32("llama.feed_forward_length", SIZE)
        .u32("llama.attention.head_count", 8)
        .u32("llama.attention.head_count_kv", 2);
  }

  private static GgufWriter writer(GgmlType type, long seed) {
    Random random = new Random(seed);
    GgufWriter writer = metadata();
    matrix(writer, "token_embd.weight", type, VOCABULARY, random);
    for (String norm : new String[] {"blk.0.attn_norm", "blk.0.ffn_norm", "output_norm"}) {
      writer.tensor(norm + ".weight", weights(SIZE, 1, 1, random), SIZE);
    }
    for (String wide : new String[] {"attn_q", "attn_output", "ffn_gate", "ffn_up", "ffn_down"}) {
      matrix(writer, "blk.0." + wide + ".weight", type, SIZE, random);
    }
    for (String narrow : new String[] {"attn_k", "attn_v"}) {
      matrix(writer, "blk.0." + narrow + ".weight", type, KV_SIZE, random);
    }
    return writer;
  }

  private static void matrix(
      GgufWriter writer, String name, GgmlType type, int rows, Random random) {
    float[] weights = weights(rows * SIZE, 0.15f, 0, random);
    writer.tensor(name, type, Quantiser.quantise(type, weights), SIZE, rows);
  }

  private static float[] weights(int count, float scale, float offset, Random random) {
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      weights[i] = offset + (random.nextFloat() - 0.5f) * scale;
    }
    return weights;
  }

  private static GgufWriter dequantised(Path quantised) {
    GgufWriter writer = metadata();
    try (GgufFile file = GgufFile.open(quantised)) {
      for (GgufTensor tensor : file.tensors()) {
        if (tensor.shape().size() == 1) {
          writer.tensor(tensor.name(), PlainVector.read(tensor), tensor.columns());
        } else {
          writer.tensor(tensor.name(), values(tensor), tensor.columns(), tensor.rows());
        }
      }
    }
    return writer;
  }

  private static float[] values(GgufTensor tensor) {
    MatrixPacker packer = MatrixPacker.of(tensor, Arena.ofAuto());
    packer.pack(0, packer.matrix().groups());
    float[] values = new float[tensor.rows() * tensor.columns()];
    for (int row = 0; row < tensor.rows(); row++) {
      PackedRows.read(packer.matrix(), row, values, row * tensor.columns());
    }
    return values;
  }
}

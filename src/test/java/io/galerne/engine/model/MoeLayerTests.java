package io.galerne.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufWriter;
import io.galerne.engine.kernel.Activations;
import io.galerne.engine.kernel.AttentionUnit;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.HalfBlocks;
import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.kernel.PackedMatrix;
import io.galerne.engine.kernel.ScalarKernels;
import io.galerne.engine.kernel.VectorKernels;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.IdentityHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoeLayerTests {
  @TempDir Path folder;

  /** A router of the unit vectors: an expert's logit is an element of the state. */
  @ParameterizedTest
  @CsvSource({
    "'1 2 3 4 5 6 7 8', 7, 6",
    "'8 2 3 4 5 6 7 1', 0, 6",
    "'5 5 5 5 5 5 5 5', 0, 1",
    "'1 5 5 2 5 5 1 1', 1, 2",
    "'-900 0 -900 -901 -900 -900 -900 -900', 1, 0",
    "'NaN 1 1 1 1 1 1 1', 0, 1"
  })
  void choosesTheLikeliestAndTheLowerOfEquals(String logits, int first, int second) {
    ExpertRouter router = route(logits);
    assertThat(router.expert(0, 0)).isEqualTo(first);
    assertThat(router.expert(0, 1)).isEqualTo(second);
  }

  @Test
  void weighsTheChosenByTheirProbabilitiesAmongThemselves() {
    ExpertRouter router = route("0 1 2 3 4 5 6 7");
    double likeliest = 1 / (1 + Math.exp(-1));
    assertThat((double) router.weight(0, 0)).isCloseTo(likeliest, within(1e-6));
    assertThat((double) router.weight(0, 1)).isCloseTo(1 - likeliest, within(1e-6));
  }

  private ExpertRouter route(String logits) {
    float[] identity = new float[8 * 64];
    for (int i = 0; i < 8; i++) {
      identity[i * 64 + i] = 1;
    }
    GgufWriter writer = ReferenceModel.named("mixtral").writer();
    writer.tensor("blk.0.ffn_gate_inp.weight", identity, 64, 8);
    float[] state = new float[64];
    String[] numbers = logits.split(" ", -1);
    for (int i = 0; i < numbers.length; i++) {
      state[i] = Float.parseFloat(numbers[i]);
    }
    try (GgufFile file = GgufFile.open(writer.write(folder.resolve("mixtral.gguf")));
        var pool = new ComputePool(1)) {
      LlamaConfig config = LlamaConfig.from(file.metadata());
      LlamaWeights weights = LlamaLoader.load(file, config, 32, Arena.ofAuto(), pool, bytes -> {});
      var x = new Activations(1, 64);
      x.shape(1, 64);
      x.set(0, state, 0);
      var router = new ExpertRouter(config, new ScalarKernels(), 1);
      var mixture = (LlamaWeights.Mixture) weights.layers().getFirst().feedForward();
      router.route(mixture.router(), x);
      return router;
    }
  }

  @Test
  void aStepReadsTheWeightsOfAnExpertOnce() {
    Path path = ReferenceModel.named("mixtral").writer().write(folder.resolve("mixtral.gguf"));
    var kernels = new CountingKernels();
    int[] tokens = Arrays.copyOf(ReferenceModel.tokens(), 100);
    try (var model = new ModelUnderTest(path, 32, kernels, 1)) {
      model.logits(tokens, 100);
    }
    // 3 layers of 4 matrices of attention, a router and 8 experts of 3; and the output.
    assertThat(kernels.groups).hasSize(3 * (4 + 1 + 8 * 3) + 1);
    kernels.groups.forEach((matrix, groups) -> assertThat(groups).isEqualTo(matrix.groups()));
  }

  @Test
  void aStepOfOneTokenReadsOnlyItsExperts() {
    Path path = ReferenceModel.named("mixtral").writer().write(folder.resolve("mixtral.gguf"));
    var kernels = new CountingKernels();
    try (var model = new ModelUnderTest(path, 32, kernels, 1)) {
      model.logits(new int[] {7}, 1);
    }
    assertThat(kernels.groups).hasSize(3 * (4 + 1 + 2 * 3) + 1);
  }

  /** Counts the groups of rows that are read of each matrix. */
  private static final class CountingKernels implements Kernels {
    private final Kernels kernels = new VectorKernels();
    private final IdentityHashMap<PackedMatrix, Integer> groups = new IdentityHashMap<>();

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public void multiply(
        PackedMatrix weight,
        int fromGroup,
        int toGroup,
        Activations x,
        float[] out,
        int offset,
        int stride,
        boolean accumulate,
        float[] scratch) {
      groups.merge(weight, toGroup - fromGroup, Integer::sum);
      kernels.multiply(weight, fromGroup, toGroup, x, out, offset, stride, accumulate, scratch);
    }

    @Override
    public void rmsNorm(
        float[] x,
        int offset,
        float[] weight,
        float epsilon,
        float[] out,
        int outOffset,
        float[] scratch) {
      kernels.rmsNorm(x, offset, weight, epsilon, out, outOffset, scratch);
    }

    @Override
    public void siluMultiply(float[] gate, int gateOffset, float[] up, int upOffset, int size) {
      kernels.siluMultiply(gate, gateOffset, up, upOffset, size);
    }

    @Override
    public void attend(AttentionUnit unit, HalfBlocks keys, HalfBlocks values) {
      kernels.attend(unit, keys, values);
    }

    @Override
    public int argMax(float[] logits, int offset, int size) {
      return kernels.argMax(logits, offset, size);
    }

    @Override
    public void exponentials(
        float[] logits, int offset, int size, float max, float factor, float[] out) {
      kernels.exponentials(logits, offset, size, max, factor, out);
    }
  }
}

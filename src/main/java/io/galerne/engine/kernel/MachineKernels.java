package io.galerne.engine.kernel;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Products of matrices and attention in machine code that is written at start, and all else of the
 * Vector API, with the bits of {@link ScalarKernels}: for x86-64 with AVX-512 under Linux.
 */
public final class MachineKernels implements Kernels {
  private final Kernels vector = new VectorKernels();
  private final Map<WeightFormat, MachineProducts> products = new ConcurrentHashMap<>();

  private final MachineAttention attention;
  private final AttentionKernel portableAttention = new AttentionKernel();

  private MachineKernels(MachineProducts first, MachineAttention attention) {
    products.put(first.format(), first);
    this.attention = attention;
  }

  /** Empty where the processor or the system doesn't have what they need. */
  public static Optional<Kernels> ofThisMachine() {
    return Loaded.KERNELS;
  }

  /** Once for a process, whose code is kept until it ends. */
  private static final class Loaded {
    private static final Optional<Kernels> KERNELS = load();

    private static Optional<Kernels> load() {
      boolean known =
          System.getProperty("os.arch").equals("amd64")
              && System.getProperty("os.name").equals("Linux")
              && VectorLanes.LANES == PackedMatrix.GROUP;
      if (!known) {
        return Optional.empty();
      }
      return MachineProducts.load(WeightFormat.RANGED_NIBBLES)
          .flatMap(
              first ->
                  MachineAttention.load().map(attention -> new MachineKernels(first, attention)));
    }
  }

  @Override
  public String name() {
    return "machine-512";
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
    if (!weight.data().scope().isAlive()) {
      throw new IllegalStateException("the weights' memory was given back");
    }
    MachineProducts product =
        products.computeIfAbsent(weight.format(), MachineKernels::loadAnother);
    MatrixProduct.multiply(
        product, weight, fromGroup, toGroup, x, out, offset, stride, accumulate, scratch);
  }

  private static MachineProducts loadAnother(WeightFormat format) {
    return MachineProducts.load(format)
        .orElseThrow(() -> new IllegalStateException("the system refuses more executable memory"));
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
    vector.rmsNorm(x, offset, weight, epsilon, out, outOffset, scratch);
  }

  @Override
  public void siluMultiply(float[] gate, int gateOffset, float[] up, int upOffset, int size) {
    vector.siluMultiply(gate, gateOffset, up, upOffset, size);
  }

  @Override
  public void attend(AttentionUnit unit, HalfBlocks keys, HalfBlocks values) {
    AttentionPasses passes =
        MachineAttention.isFor(unit.headSize()) ? attention : portableAttention;
    unit.attend(passes, keys, values);
  }

  @Override
  public int argMax(float[] logits, int offset, int size) {
    return vector.argMax(logits, offset, size);
  }

  @Override
  public void exponentials(
      float[] logits, int offset, int size, float max, float factor, float[] out) {
    vector.exponentials(logits, offset, size, max, factor, out);
  }
}

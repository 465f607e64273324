package io.galerne.bench;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufTensor;
import io.galerne.engine.kernel.Activations;
import io.galerne.engine.kernel.KernelChoice;
import io.galerne.engine.kernel.KernelLadder;
import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.kernel.MatrixPacker;
import io.galerne.engine.kernel.PackedMatrix;
import io.galerne.engine.kernel.RandomMatrices;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One matrix product of one thread, whose weights stay in the second cache (JMH). */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
// JMH sets the fields before the first call.
@SuppressWarnings("NullAway.Init")
public class KernelBenchmark {
  static final int ROWS = 1536;
  static final int COLUMNS = 576;

  @Param({"VECTOR", "MACHINE"})
  public KernelChoice kernels;

  @Param({"Q4_0", "Q4_1", "Q8_0", "F16"})
  public GgmlType type;

  @Param({"1", "2", "4", "8", "64"})
  public int tokens;

  private final float[] scratch = new float[Kernels.SCRATCH];
  private Kernels chosen;
  private PackedMatrix weight;
  private Activations x;
  private float[] out;

  @Setup(Level.Trial)
  public void prepare() {
    Random random = new Random(1);
    chosen = KernelLadder.choose(kernels);
    byte[] bytes = RandomMatrices.bytes(type, ROWS, COLUMNS, 1, random);
    MatrixPacker packer =
        MatrixPacker.of(
            new GgufTensor(
                "random", type, List.of((long) COLUMNS, (long) ROWS), MemorySegment.ofArray(bytes)),
            Arena.ofAuto());
    weight = packer.matrix();
    packer.pack(0, weight.groups());
    x = new Activations(tokens, COLUMNS);
    x.shape(tokens, COLUMNS);
    float[] token = new float[COLUMNS];
    for (int i = 0; i < tokens; i++) {
      for (int k = 0; k < COLUMNS; k++) {
        token[k] = random.nextFloat() - 0.5f;
      }
      x.set(i, token, 0);
    }
    out = new float[tokens * ROWS];
  }

  /** Returns its result, so that nothing is left out. */
  @Benchmark
  public float[] multiply() {
    chosen.multiply(weight, 0, weight.groups(), x, out, 0, ROWS, false, scratch);
    return out;
  }
}

package io.galerne.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufTensor;
import io.galerne.engine.gguf.Quantiser;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packed weights against those of the gguf package for Python (src/test/fixtures). */
class MatrixPackerTests {
  private static final Path FIXTURES = Path.of("src/test/resources/engine/dequantise");

  private record Fixture(GgufTensor tensor, float[] weights) {}

  @ParameterizedTest
  @EnumSource(GgmlType.class)
  void weightsHaveTheBitsOfThePythonPackage(GgmlType type) throws IOException {
    Fixture fixture = fixture(type);
    assertThat(read(RandomMatrices.pack(fixture.tensor))).isEqualTo(bits(fixture.weights));
  }

  /** The controls: ways to be nearly right have other bits. */
  @ParameterizedTest
  @EnumSource(names = {"Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"})
  void aRoundedScaleWouldBeNoticed(GgmlType type) throws IOException {
    Fixture fixture = fixture(type);
    PackedMatrix packed = RandomMatrices.pack(fixture.tensor);
    for (int block = 0; block < packed.groups() * packed.blocks(); block++) {
      long scales = (long) block * packed.format().blockBytes() + packed.format().scaleOffset();
      for (int lane = 0; lane < PackedMatrix.GROUP; lane++) {
        float scale = packed.data().get(MatrixPacker.FLOAT, scales + 4L * lane);
        float rounded = Float.float16ToFloat(Float.floatToFloat16(scale));
        packed.data().set(MatrixPacker.FLOAT, scales + 4L * lane, rounded);
      }
    }
    assertThat(read(packed)).isNotEqualTo(bits(fixture.weights));
  }

  @Test
  void aMinimumInsteadOfAnOffsetWouldBeNoticed() throws IOException {
    Fixture fixture = fixture(GgmlType.Q4_0);
    PackedMatrix packed = RandomMatrices.pack(fixture.tensor);
    int[] actual = new int[fixture.weights.length];
    for (int i = 0; i < actual.length; i++) {
      int row = i / packed.columns() % PackedMatrix.GROUP;
      int group = i / packed.columns() / PackedMatrix.GROUP;
      int column = i % packed.columns();
      long block =
          group * packed.groupBytes() + (long) (column / 32) * packed.format().blockBytes();
      float scale = PackedRows.scale(packed.format(), packed.data(), block, row);
      float number = PackedRows.number(packed.format(), packed.data(), block, row, column % 32);
      actual[i] = Float.floatToRawIntBits(scale * number + scale * -8);
    }
    assertThat(actual).isNotEqualTo(bits(fixture.weights));
  }

  @ParameterizedTest
  @EnumSource(names = {"Q4_0", "Q5_0", "Q8_0", "Q3_K", "Q6_K"})
  void theFixturesHoldZerosOfBothSigns(GgmlType type) throws IOException {
    assertThat(bits(fixture(type).weights))
        .contains(Float.floatToRawIntBits(0f), Float.floatToRawIntBits(-0f));
  }

  @ParameterizedTest
  @EnumSource(GgmlType.class)
  void theTestsQuantiserIsClose(GgmlType type) {
    Random random = new Random(3);
    float[] weights = new float[5 * 512];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    MemorySegment data = MemorySegment.ofArray(Quantiser.quantise(type, weights));
    PackedMatrix packed = RandomMatrices.pack(new GgufTensor("t", type, List.of(512L, 5L), data));
    double squares = 0;
    int[] actual = read(packed);
    for (int i = 0; i < weights.length; i++) {
      squares += Math.pow(Float.intBitsToFloat(actual[i]) - weights[i], 2);
    }
    double allowed =
        switch (type) {
          case Q2_K -> 0.5;
          case Q3_K -> 0.25;
          case Q4_0, Q4_1, Q4_K -> 0.13;
          case Q5_0, Q5_1, Q5_K -> 0.06;
          case Q6_K -> 0.03;
          case Q8_0 -> 0.01;
          case BF16 -> 0.005;
          case F16 -> 0.0005;
          case F32 -> 0;
        };
    assertThat(Math.sqrt(squares / weights.length)).isLessThanOrEqualTo(allowed);
  }

  @ParameterizedTest
  @EnumSource(GgmlType.class)
  void namesTheTensorWithANumberThatIsNotFinite(GgmlType type) throws IOException {
    GgufTensor tensor = fixture(type).tensor;
    int rowBytes = (int) (tensor.data().byteSize() / tensor.rows());
    for (int place : numbers(type)) {
      for (float number : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1f / 0}) {
        byte[] bytes = tensor.data().toArray(ValueLayout.JAVA_BYTE);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = 17 * rowBytes + place;
        switch (type) {
          case F32 -> buffer.putFloat(at, number);
          case BF16 -> buffer.putShort(at, (short) (Float.floatToRawIntBits(number) >>> 16));
          case F16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K ->
              buffer.putShort(at, Float.floatToFloat16(number));
        }
        GgufTensor hostile =
            new GgufTensor("blk.0.x", type, tensor.shape(), MemorySegment.ofArray(bytes));
        assertThatExceptionOfType(GgufException.class)
            .isThrownBy(() -> RandomMatrices.pack(hostile))
            .withMessage(
                "tensor blk.0.x: row 17 has a weight or a scale that is not a finite number");
      }
    }
  }

  /** Offsets of the f16 numbers in a block. */
  private static int[] numbers(GgmlType type) {
    return switch (type) {
      case F32, F16, BF16, Q4_0, Q5_0, Q8_0 -> new int[] {0};
      case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
      case Q2_K -> new int[] {80, 82};
      case Q3_K -> new int[] {108};
      case Q6_K -> new int[] {208};
    };
  }

  private static Fixture fixture(GgmlType type) throws IOException {
    byte[] content = Files.readAllBytes(FIXTURES.resolve(type + ".bin"));
    ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int rows = in.getInt();
    int columns = in.getInt();
    byte[] blocks = new byte[rows * (columns / type.blockSize()) * type.blockBytes()];
    in.get(blocks);
    float[] weights = new float[rows * columns];
    in.asFloatBuffer().get(weights);
    List<Long> shape = List.of((long) columns, (long) rows);
    return new Fixture(
        new GgufTensor("fixture", type, shape, MemorySegment.ofArray(blocks)), weights);
  }

  private static int[] read(PackedMatrix matrix) {
    float[] weights = new float[matrix.rows() * matrix.columns()];
    for (int row = 0; row < matrix.rows(); row++) {
      PackedRows.read(matrix, row, weights, row * matrix.columns());
    }
    return bits(weights);
  }

  /** Bits, so that a zero's sign counts. */
  private static int[] bits(float[] weights) {
    int[] bits = new int[weights.length];
    for (int i = 0; i < weights.length; i++) {
      bits[i] = Float.floatToRawIntBits(weights[i]);
    }
    return bits;
  }
}

package io.galerne.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.gguf.GgmlType;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation gives the bits of the scalar specification. */
class VectorKernelsTests {
  private final Kernels scalar = new ScalarKernels();
  private final Kernels vector = new VectorKernels();
  private final Random random = new Random(42);

  @ParameterizedTest
  @EnumSource(GgmlType.class)
  void productsHaveTheBitsOfTheSpecification(GgmlType type) {
    for (int tokens : new int[] {1, 2, 7, 8, 9, 17}) {
      for (int rows : new int[] {16, 48, 77}) {
        int columns = type.blockSize() == 1 ? 50 : type.blockSize() == 32 ? 96 : 512;
        PackedMatrix weight =
            RandomMatrices.pack(RandomMatrices.tensor(type, rows, columns, random));
        Activations x = activations(tokens, columns);
        for (boolean accumulate : new boolean[] {false, true}) {
          float[] expected = numbers(tokens * (rows + 3));
          float[] actual = expected.clone();
          multiply(scalar, weight, x, expected, accumulate);
          multiply(vector, weight, x, actual, accumulate);
          assertThat(actual).as("%d tokens, %d rows", tokens, rows).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void aTokensProductDoesNotDependOnItsCompany() {
    PackedMatrix weight =
        RandomMatrices.pack(RandomMatrices.tensor(GgmlType.Q4_1, 64, 576, random));
    float[] token = numbers(576);
    float[] alone = new float[64];
    Activations single = new Activations(1, 576);
    single.shape(1, 576);
    single.set(0, token, 0);
    vector.multiply(weight, 0, 4, single, alone, 0, 64, false, new float[Kernels.SCRATCH]);
    for (int place = 0; place < 11; place++) {
      Activations company = activations(11, 576);
      company.set(place, token, 0);
      float[] together = new float[11 * 64];
      vector.multiply(weight, 0, 4, company, together, 0, 64, false, new float[Kernels.SCRATCH]);
      assertThat(Arrays.copyOfRange(together, place * 64, place * 64 + 64)).isEqualTo(alone);
    }
  }

  /** The control of the tests above: another order of the same additions has other bits. */
  @Test
  void anotherOrderOfAdditionWouldBeNoticed() {
    PackedMatrix weight = RandomMatrices.pack(RandomMatrices.tensor(GgmlType.F32, 16, 576, random));
    Activations x = activations(1, 576);
    float[] expected = new float[16];
    scalar.multiply(weight, 0, 1, x, expected, 0, 16, false, new float[Kernels.SCRATCH]);
    float[] row = new float[576];
    int differing = 0;
    for (int r = 0; r < 16; r++) {
      PackedRows.read(weight, r, row, 0);
      float backwards = 0;
      for (int k = 575; k >= 0; k--) {
        backwards = Math.fma(row[k], x.values()[k], backwards);
      }
      differing += backwards == expected[r] ? 0 : 1;
    }
    assertThat(differing).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 48, 50, 576})
  void normsHaveTheBitsOfTheSpecification(int size) {
    float[] x = numbers(size + 5);
    float[] weight = numbers(size);
    float[] expected = new float[size + 2];
    float[] actual = new float[size + 2];
    scalar.rmsNorm(x, 5, weight, 1e-5f, expected, 2);
    vector.rmsNorm(x, 5, weight, 1e-5f, actual, 2);
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void gatesHaveTheBitsOfTheSpecification() {
    float[] gate = numbers(75);
    for (int i = 0; i < gate.length; i++) {
      gate[i] *= 200;
    }
    float[] up = numbers(75);
    float[] expected = gate.clone();
    scalar.siluMultiply(expected, 3, up, 1, 71);
    vector.siluMultiply(gate, 3, up, 1, 71);
    assertThat(gate).isEqualTo(expected);
  }

  /** Windows that begin within, at and after a block's edge; more heads than one on a key head. */
  @ParameterizedTest
  @CsvSource({"0, 1", "0, 15", "0, 16", "0, 17", "0, 64", "0, 100", "5, 6", "15, 17", "16, 100"})
  @CsvSource({"3, 100", "31, 97", "63, 64", "90, 91", "33, 34"})
  void attentionHasTheBitsOfTheSpecification(int from, int to) {
    for (int headSize : new int[] {8, 16, 64, 80, 128}) {
      for (int heads = 1; heads <= 4; heads += 3) {
        int kvHeads = 3;
        short[][] keys = new short[9][];
        short[][] values = new short[9][];
        for (int i = 0; i < keys.length; i++) {
          keys[i] = halves(kvHeads * headSize * 16, 2);
          values[i] = halves(kvHeads * headSize * 16, 65_504);
        }
        int[] table = {8, 2, 5, 0, 1, 7, 3};
        Arrays.fill(table, 0, from / 16, -1);
        float[] query = numbers(heads * headSize + 4);
        float[] expected = new float[heads * headSize + 1];
        float[] actual = new float[heads * headSize + 1];
        float[] scratch = numbers(Kernels.attentionScratch(headSize));
        scalar.attend(
            query,
            4,
            heads,
            keys,
            values,
            table,
            1,
            headSize,
            from,
            to,
            numbers(heads * 112),
            scratch,
            expected,
            1);
        vector.attend(
            query,
            4,
            heads,
            keys,
            values,
            table,
            1,
            headSize,
            from,
            to,
            numbers(heads * 112),
            scratch,
            actual,
            1);
        assertThat(actual).as("%d heads of %d", heads, headSize).isEqualTo(expected);
      }
    }
  }

  /** The control of the test above: a position more or less would be noticed. */
  @Test
  void attentionKeepsToItsPositions() {
    short[][] keys = {halves(128, 1), halves(128, 1)};
    short[][] values = {halves(128, 1), halves(128, 1)};
    float[][] out = new float[3][8];
    int[] starts = {4, 5, 6};
    float[] query = numbers(8);
    for (int i = 0; i < starts.length; i++) {
      float[] scratch = new float[Kernels.attentionScratch(8)];
      vector.attend(
          query,
          0,
          1,
          keys,
          values,
          new int[] {0, 1},
          0,
          8,
          starts[i],
          20,
          new float[32],
          scratch,
          out[i],
          0);
    }
    assertThat(out[0]).isNotEqualTo(out[1]);
    assertThat(out[2]).isNotEqualTo(out[1]);
  }

  @Test
  void exponentialsHaveTheBitsOfTheSpecificationAndAreAccurate() {
    float[] x = new float[4_001];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - 3_000) / 10f;
    }
    float[] expected = new float[x.length];
    float[] actual = new float[x.length];
    scalar.exponentials(x, 0, x.length, 0.5f, 0.3f, expected);
    vector.exponentials(x, 0, x.length, 0.5f, 0.3f, actual);
    assertThat(actual).isEqualTo(expected);
    for (float value = -86; value < 87; value += 0.37f) {
      double exact = Math.exp(value);
      assertThat(Exponential.exp(value) / exact - 1).isBetween(-2.4e-7, 2.4e-7);
    }
    assertThat(Exponential.exp(-88)).isZero();
    assertThat(Exponential.exp(Float.NEGATIVE_INFINITY)).isZero();
  }

  @Test
  void theLowestOfEqualMaximaWins() {
    float[] logits = numbers(1_003);
    logits[700] = 5;
    logits[301] = 5;
    assertThat(vector.argMax(logits, 0, 1_003)).isEqualTo(301);
    assertThat(scalar.argMax(logits, 0, 1_003)).isEqualTo(301);
    assertThat(vector.argMax(logits, 302, 701)).isEqualTo(398);
  }

  private void multiply(
      Kernels kernels, PackedMatrix weight, Activations x, float[] out, boolean accumulate) {
    int stride = weight.rows() + 3;
    float[] scratch = new float[Kernels.SCRATCH];
    int middle = weight.groups() / 2;
    kernels.multiply(weight, 0, middle, x, out, 2, stride, accumulate, scratch);
    kernels.multiply(weight, middle, weight.groups(), x, out, 2, stride, accumulate, scratch);
  }

  private Activations activations(int tokens, int size) {
    Activations x = new Activations(tokens, size);
    x.shape(tokens, size);
    for (int i = 0; i < tokens; i++) {
      x.set(i, numbers(size), 0);
    }
    return x;
  }

  /** Half floats of all magnitudes, subnormal ones and both zeros included. */
  private short[] halves(int count, float largest) {
    short[] halves = new short[count];
    for (int i = 0; i < count; i++) {
      float scale = i % 5 == 0 ? 1e-7f : i % 7 == 0 ? largest : 1;
      halves[i] =
          i % 11 == 0 ? (short) 0x8000 : Float.floatToFloat16(random.nextFloat(-1, 1) * scale);
    }
    return halves;
  }

  private float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextFloat() - 0.5f;
    }
    return numbers;
  }
}

package io.galerne.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufTensor;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation gives the bits of the scalar specification. */
abstract class KernelsContract {
  private final Kernels scalar = new ScalarKernels();
  private final Kernels kernels = kernels();
  private final Random random = new Random(42);

  abstract Kernels kernels();

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
          multiply(kernels, weight, x, actual, accumulate);
          assertThat(actual).as("%d tokens, %d rows", tokens, rows).isEqualTo(expected);
        }
      }
    }
  }

  /** Every exponent of a half float, of both signs, and the smallest that have none. */
  @ParameterizedTest
  @EnumSource(names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0"})
  void everyHalfFloatIsAScale(GgmlType type) {
    short[] scales = {0, (short) 0x8000, 1, (short) 0x8001, 0x3FF, 0x400, 0x7BFF, (short) 0xFBFF};
    int rows = 16 * scales.length;
    GgufTensor tensor = RandomMatrices.tensor(type, rows, 32, random);
    for (int row = 0; row < rows; row++) {
      short scale = row < scales.length ? scales[row] : (short) (row << 8 | (row & 1) << 15);
      if ((scale & 0x7C00) != 0x7C00) {
        tensor.data().set(ValueLayout.JAVA_SHORT_UNALIGNED, (long) row * type.blockBytes(), scale);
      }
    }
    PackedMatrix weight = RandomMatrices.pack(tensor);
    for (int tokens : new int[] {1, 3}) {
      Activations x = activations(tokens, 32);
      float[] expected = new float[tokens * (rows + 3)];
      float[] actual = expected.clone();
      multiply(scalar, weight, x, expected, false);
      multiply(kernels, weight, x, actual, false);
      assertThat(actual).as("%d tokens", tokens).isEqualTo(expected);
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
    kernels.multiply(weight, 0, 4, single, alone, 0, 64, false, new float[Kernels.SCRATCH]);
    for (int place = 0; place < 11; place++) {
      Activations company = activations(11, 576);
      company.set(place, token, 0);
      float[] together = new float[11 * 64];
      kernels.multiply(weight, 0, 4, company, together, 0, 64, false, new float[Kernels.SCRATCH]);
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
    scalar.rmsNorm(x, 5, weight, 1e-5f, expected, 2, new float[16]);
    kernels.rmsNorm(x, 5, weight, 1e-5f, actual, 2, numbers(16));
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
    kernels.siluMultiply(gate, 3, up, 1, 71);
    assertThat(gate).isEqualTo(expected);
  }

  /**
   * Windows that begin within, at and after a block's edge, of one token and of several whose
   * windows begin and end in different blocks; more heads than one on a key head.
   */
  @ParameterizedTest
  @CsvSource({"0, 1", "0, 15", "0, 16", "0, 17", "0, 62", "0, 64", "0, 100", "5, 6", "15, 17"})
  @CsvSource({"16, 100", "3, 100", "31, 97", "63, 64", "90, 91", "33, 34", "14, 18", "61, 63"})
  void attentionHasTheBitsOfTheSpecification(int from, int to) {
    for (int headSize : new int[] {8, 16, 32, 48, 64, 80, 128}) {
      for (int heads : new int[] {1, 2, 3, 4, 7}) {
        for (int tokens = 1; tokens <= Kernels.ATTENTION_TOKENS; tokens++) {
          assertAttention(from, to, headSize, heads, tokens);
        }
      }
    }
  }

  private void assertAttention(int from, int to, int headSize, int heads, int tokens) {
    int kvHeads = 3;
    short[][] keys = new short[9][];
    short[][] values = new short[9][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = halves(kvHeads * headSize * 16, 2);
      values[i] = halves(kvHeads * headSize * 16, 65_504);
    }
    int[] table = {8, 2, 5, 0, 1, 7, 3};
    Arrays.fill(table, 0, from / 16, -1);
    int stride = heads * headSize + 3;
    float[] query = numbers(tokens * stride + 4);
    float[] expected = new float[query.length];
    float[] actual = new float[query.length];
    int window = from == 0 ? 0 : to - from;
    attend(
        scalar, query, 4, stride, tokens, heads, keys, values, table, headSize, to, window,
        expected);
    attend(
        kernels, query, 4, stride, tokens, heads, keys, values, table, headSize, to, window,
        actual);
    assertThat(actual).as("%d tokens, %d heads of %d", tokens, heads, headSize).isEqualTo(expected);
  }

  private void attend(
      Kernels by,
      float[] query,
      int offset,
      int stride,
      int tokens,
      int heads,
      short[][] keys,
      short[][] values,
      int[] table,
      int headSize,
      int to,
      int window,
      float[] out) {
    var unit = new AttentionUnit(heads, headSize, window, 112, query, out, stride);
    unit.of(table, 1, offset, tokens, to - 1);
    by.attend(unit, blocks(keys), blocks(values));
  }

  private static HalfBlocks blocks(short[][] arrays) {
    var blocks = new HalfBlocks(arrays.length);
    for (int i = 0; i < arrays.length; i++) {
      blocks.allocate(i, arrays[i].length);
      System.arraycopy(arrays[i], 0, blocks.array(i), 0, arrays[i].length);
    }
    return blocks;
  }

  /** The control of the test above: a position more or less would be noticed. */
  @Test
  void attentionKeepsToItsPositions() {
    short[][] keys = {halves(256, 1), halves(256, 1)};
    short[][] values = {halves(256, 1), halves(256, 1)};
    float[][] out = new float[3][8];
    int[] windows = {16, 15, 14};
    float[] query = numbers(8);
    int[] table = {0, 1};
    for (int i = 0; i < windows.length; i++) {
      attend(kernels, query, 0, 8, 1, 1, keys, values, table, 8, 20, windows[i], out[i]);
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
    kernels.exponentials(x, 0, x.length, 0.5f, 0.3f, actual);
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
    assertThat(kernels.argMax(logits, 0, 1_003)).isEqualTo(301);
    assertThat(scalar.argMax(logits, 0, 1_003)).isEqualTo(301);
    assertThat(kernels.argMax(logits, 302, 701)).isEqualTo(398);
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

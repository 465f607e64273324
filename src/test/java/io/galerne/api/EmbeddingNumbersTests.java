package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.api.EmbeddingsRequest.OutputType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmbeddingNumbersTests {
  private static final float[] VECTOR = {
    0.5f, -0.25f, 0, 0.1f, -0.5f, 1e-9f, -1e-9f, 0.3f, -1, -1, -1, -1, -1, -1, -1, 0.2f
  };

  private static Object list(OutputType type) {
    return EmbeddingNumbers.encode(VECTOR, type, false);
  }

  @Test
  void bytesAreScaledByTheLargest() {
    assertThat((int[]) list(OutputType.INT8))
        .startsWith(64, -32, 0, 13, -63, 0, 0, 38, -127)
        .endsWith(25);
    assertThat((int[]) list(OutputType.UINT8))
        .startsWith(192, 96, 128, 141, 65, 128, 128, 166, 1)
        .endsWith(153);
  }

  /** Signs of the first eight: + - 0 + - + - +, that is 10010101. */
  @Test
  void bitsAreSignsWithTheFirstOneHighest() {
    assertThat((int[]) list(OutputType.UBINARY)).containsExactly(0b10010101, 1);
    assertThat((int[]) list(OutputType.BINARY)).containsExactly(0b10010101 - 128, 1 - 128);
  }

  @Test
  void floatsGoThroughBase64LittleEndianBitForBit() {
    assertThat(list(OutputType.FLOAT)).isSameAs(VECTOR);
    byte[] bytes =
        Base64.getDecoder()
            .decode((String) EmbeddingNumbers.encode(VECTOR, OutputType.FLOAT, true));
    float[] decoded = new float[VECTOR.length];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(decoded);

    assertThat(bytes).hasSize(64).startsWith(0, 0, 0, 0x3f);
    assertThat(decoded).isEqualTo(VECTOR);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOAT")
  void othersHaveOneByteForEachNumber(OutputType type) {
    int[] numbers = (int[]) list(type);
    byte[] bytes = Base64.getDecoder().decode((String) EmbeddingNumbers.encode(VECTOR, type, true));

    assertThat(bytes).hasSameSizeAs(numbers);
    for (int i = 0; i < numbers.length; i++) {
      assertThat(bytes[i]).isEqualTo((byte) numbers[i]);
    }
    boolean signed = type == OutputType.INT8 || type == OutputType.BINARY;
    assertThat(Arrays.stream(numbers).boxed())
        .allMatch(number -> signed ? number >= -128 && number <= 127 : number >= 0 && number < 256);
  }
}

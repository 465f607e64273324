package io.galerne.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufTensor;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatrixPackerTests {
  @ParameterizedTest
  @EnumSource(GgmlType.class)
  void packingLosesNothing(GgmlType type) {
    int rows = 37;
    int columns = 96;
    GgufTensor tensor = RandomMatrices.tensor(type, rows, columns, new Random(7));
    PackedMatrix packed = RandomMatrices.pack(tensor);
    float[] row = new float[columns];
    for (int r = 0; r < rows; r++) {
      PackedRows.read(packed, r, row, 0);
      for (int c = 0; c < columns; c++) {
        assertThat(row[c]).as("row %d, column %d", r, c).isEqualTo(weight(tensor, r, c));
      }
    }
  }

  /** A weight as the GGUF specification defines it, straight from the file's bytes. */
  private static float weight(GgufTensor tensor, int row, int column) {
    var bytes = tensor.data().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    GgmlType type = tensor.type();
    int index = row * tensor.columns() + column;
    int block = index / type.blockSize() * type.blockBytes();
    int k = index % type.blockSize();
    return switch (type) {
      case F32 -> bytes.getFloat(block);
      case F16 -> Float.float16ToFloat(bytes.getShort(block));
      case BF16 -> Float.intBitsToFloat(bytes.getShort(block) << 16);
      case Q8_0 -> Float.float16ToFloat(bytes.getShort(block)) * bytes.get(block + 2 + k);
      case Q4_0 -> {
        int nibble = bytes.get(block + 2 + k % 16) >> (k < 16 ? 0 : 4) & 15;
        yield Float.float16ToFloat(bytes.getShort(block)) * (nibble - 8);
      }
      case Q4_1 -> {
        int nibble = bytes.get(block + 4 + k % 16) >> (k < 16 ? 0 : 4) & 15;
        float scale = Float.float16ToFloat(bytes.getShort(block));
        yield scale * nibble + Float.float16ToFloat(bytes.getShort(block + 2));
      }
    };
  }
}

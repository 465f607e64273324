package io.galerne.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tensors of every type in a file, and the errors that name type and tensor. */
class GgmlTypeTests {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(GgmlType.class)
  void tensorsOfTheTypeAreRead(GgmlType type) {
    float[] weights = new float[3 * 512];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % 37 - 18;
    }
    Path path = new GgufWriter().tensor("t", type, weights, 512, 3).write(folder.resolve("t.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.tensor("t").type()).isEqualTo(type);
      assertThat(file.tensor("t").data().byteSize())
          .isEqualTo((long) weights.length / type.blockSize() * type.blockBytes());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4, Q4_2",
    "9, Q8_1",
    "15, Q8_K",
    "16, IQ2_XXS",
    "20, IQ4_NL",
    "23, IQ4_XS",
    "26, I32",
    "29, IQ1_M",
    "34, TQ1_0",
    "35, TQ2_0",
    "39, MXFP4",
    "42, unknown",
    "4294967295, unknown"
  })
  void namesTensorAndTypeThatIsNotSupported(long id, String name) {
    GgufWriter writer = new GgufWriter().tensor("blk.0.x", (int) id, new byte[256], 256);
    assertFails(
        writer,
        "tensor blk.0.x.type",
        "tensor blk.0.x.type: type %s (id %d) is not supported".formatted(name, id));
  }

  @ParameterizedTest
  @EnumSource(
      value = GgmlType.class,
      names = {"Q4_0", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"})
  void namesTensorAndTypeWhoseBlocksDoNotFillARow(GgmlType type) {
    int columns = type.blockSize() / 2;
    // Two rows would fill one block.
    byte[] block = new byte[type.blockBytes()];
    GgufWriter writer = new GgufWriter().tensor("blk.0.x", type, block, columns, 2);
    assertFails(
        writer,
        "tensor blk.0.x.shape[0]",
        columns + " is not a multiple of " + type.blockSize() + ", the block size of " + type);
  }

  private void assertFails(GgufWriter writer, String field, String message) {
    Path path = writer.write(folder.resolve("hostile.gguf"));
    assertThatExceptionOfType(GgufException.class)
        .isThrownBy(() -> GgufFile.open(path))
        .withMessageContaining(message)
        .extracting(GgufException::field)
        .isEqualTo(field);
  }
}

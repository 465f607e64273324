package io.galerne.engine.model;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufTensor;
import io.galerne.engine.kernel.MatrixPacker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads vectors that aren't quantised: norms, biases and factors of frequencies. */
final class PlainVector {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private PlainVector() {}

  /**
   * All elements as f32.
   *
   * @throws GgufException naming the tensor if it is neither F32 nor F16 nor BF16, or has an
   *     element that is not a finite number
   */
  static float[] read(GgufTensor tensor) {
    GgmlType type = tensor.type();
    if (type != GgmlType.F32 && type != GgmlType.F16 && type != GgmlType.BF16) {
      throw new GgufException(
          "tensor " + tensor.name(), "a vector of type " + type + ", not F32, F16 or BF16");
    }
    MemorySegment data = tensor.data();
    float[] values = new float[tensor.columns()];
    for (int i = 0; i < values.length; i++) {
      if (type == GgmlType.F32) {
        values[i] = data.get(MatrixPacker.FLOAT, 4L * i);
      } else {
        short bits = data.get(SHORT, 2L * i);
        values[i] =
            type == GgmlType.F16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
      }
      if (!Float.isFinite(values[i])) {
        throw new GgufException(
            "tensor " + tensor.name(), "element " + i + " is not a finite number");
      }
    }
    return values;
  }
}

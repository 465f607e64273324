package io.galerne.engine.kernel;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random tensors as they stand in a file, packed and unpacked. */
public final class RandomMatrices {
  private RandomMatrices() {}

  /** The bytes of a tensor whose weights are of the order of {@code scale}. */
  public static byte[] bytes(
      GgmlType type, int rows, int columns, float scale, RandomGenerator random) {
    int blocks = rows * columns / type.blockSize();
    ByteBuffer out = ByteBuffer.allocate(blocks * type.blockBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < blocks; i++) {
      float weight = (random.nextFloat() - 0.5f) * 2 * scale;
      switch (type) {
        case F32 -> out.putFloat(weight);
        case F16 -> out.putShort(Float.floatToFloat16(weight));
        case BF16 -> out.putShort((short) (Float.floatToRawIntBits(weight) >>> 16));
        case Q4_0 -> quantised(out.putShort(half(scale / 8, random)), 16, random);
        case Q4_1 -> {
          out.putShort(half(scale / 8, random)).putShort(half(-scale, random));
          quantised(out, 16, random);
        }
        case Q5_0 -> quantised(out.putShort(half(scale / 16, random)), 20, random);
        case Q5_1 -> {
          out.putShort(half(scale / 16, random)).putShort(half(-scale, random));
          quantised(out, 20, random);
        }
        case Q8_0 -> quantised(out.putShort(half(scale / 128, random)), 32, random);
        // The middle of a scale of four or six bits times that of the numbers is 1, and so is that
        // of the minima.
        case Q2_K -> {
          quantised(out, 80, random);
          out.putShort(half(scale / 12, random)).putShort(half(scale / 8, random));
        }
        case Q4_K -> {
          out.putShort(half(scale / 240, random)).putShort(half(scale / 32, random));
          quantised(out, 140, random);
        }
        case Q5_K -> {
          out.putShort(half(scale / 480, random)).putShort(half(scale / 32, random));
          quantised(out, 172, random);
        }
        case Q3_K -> quantised(out, 108, random).putShort(half(scale / 64, random));
        case Q6_K -> quantised(out, 208, random).putShort(half(scale / 2048, random));
      }
    }
    return out.array();
  }

  private static short half(float scale, RandomGenerator random) {
    return Float.floatToFloat16(scale * (0.5f + random.nextFloat()));
  }

  private static ByteBuffer quantised(ByteBuffer out, int count, RandomGenerator random) {
    byte[] quants = new byte[count];
    random.nextBytes(quants);
    return out.put(quants);
  }

  static GgufTensor tensor(GgmlType type, int rows, int columns, RandomGenerator random) {
    byte[] bytes = bytes(type, rows, columns, 1, random);
    return new GgufTensor(
        "random", type, List.of((long) columns, (long) rows), MemorySegment.ofArray(bytes));
  }

  static PackedMatrix pack(GgufTensor tensor) {
    MatrixPacker packer = MatrixPacker.of(tensor, Arena.ofAuto());
    packer.pack(0, packer.matrix().groups());
    return packer.matrix();
  }
}

package io.galerne.api;

import io.galerne.api.EmbeddingsRequest.OutputType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/**
 * Writes a vector's numbers the way a request asks for.
 *
 * <p>Bytes are scaled by the vector's largest number: a cosine stays what it was, but for rounding.
 * Bits are the signs, eight to a byte, the first in the highest place.
 */
final class EmbeddingNumbers {
  private static final int UNSIGNED_OFFSET = 128;

  private EmbeddingNumbers() {}

  /** A list of numbers, or their little-endian bytes in Base64. */
  static Object encode(float[] vector, OutputType type, boolean base64) {
    if (type == OutputType.FLOAT) {
      return base64 ? base64(vector) : vector;
    }
    int[] numbers =
        switch (type) {
          case INT8, FLOAT -> bytes(vector, 0);
          case UINT8 -> bytes(vector, UNSIGNED_OFFSET);
          case BINARY -> bits(vector, UNSIGNED_OFFSET);
          case UBINARY -> bits(vector, 0);
        };
    return base64 ? base64(numbers) : numbers;
  }

  private static int[] bytes(float[] vector, int offset) {
    float largest = 0;
    for (float value : vector) {
      largest = Math.max(largest, Math.abs(value));
    }
    int[] bytes = new int[vector.length];
    for (int i = 0; i < vector.length; i++) {
      bytes[i] = Math.round(vector[i] / largest * Byte.MAX_VALUE) + offset;
    }
    return bytes;
  }

  /**
   * @param offset taken from each byte, so that 8 bits become a signed number
   */
  private static int[] bits(float[] vector, int offset) {
    int[] bytes = new int[vector.length / Byte.SIZE];
    for (int i = 0; i < vector.length; i++) {
      if (vector[i] > 0) {
        bytes[i / Byte.SIZE] |= 1 << (Byte.SIZE - 1 - i % Byte.SIZE);
      }
    }
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] -= offset;
    }
    return bytes;
  }

  private static String base64(float[] vector) {
    ByteBuffer buffer =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(buffer.array());
  }

  private static String base64(int[] numbers) {
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) numbers[i];
    }
    return Base64.getEncoder().encodeToString(bytes);
  }
}

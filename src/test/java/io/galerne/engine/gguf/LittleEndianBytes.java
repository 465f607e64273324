package io.galerne.engine.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes put together field by field, for files that no honest writer would write. */
final class LittleEndianBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  LittleEndianBytes u8(int value) {
    out.write(value);
    return this;
  }

  LittleEndianBytes u32(long value) {
    return integer(value, 4);
  }

  LittleEndianBytes u64(long value) {
    return integer(value, 8);
  }

  LittleEndianBytes f32(float value) {
    return u32(Float.floatToRawIntBits(value));
  }

  LittleEndianBytes f64(double value) {
    return u64(Double.doubleToRawLongBits(value));
  }

  LittleEndianBytes string(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return u64(utf8.length).raw(utf8);
  }

  LittleEndianBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  LittleEndianBytes alignTo(int alignment) {
    while (out.size() % alignment != 0) {
      out.write(0);
    }
    return this;
  }

  int size() {
    return out.size();
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }

  private LittleEndianBytes integer(long value, int width) {
    for (int i = 0; i < width; i++) {
      out.write((int) (value >> (8 * i)));
    }
    return this;
  }
}

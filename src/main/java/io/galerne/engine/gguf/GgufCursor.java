package io.galerne.engine.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads little-endian values one after the other and never past the end. It knows the field it is
 * at, so that every failure names it; the name is put together only when it is needed.
 */
final class GgufCursor {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment bytes;
  private long position;
  private String owner = "file";
  private String part = "";
  private long element = -1;

  GgufCursor(MemorySegment bytes, long position) {
    this.bytes = bytes;
    this.position = position;
  }

  /** Names the field that is read next. */
  GgufCursor at(String owner, String part) {
    this.owner = owner;
    this.part = part;
    this.element = -1;
    return this;
  }

  /** Names the element of the current field that is read next. */
  GgufCursor element(long index) {
    this.element = index;
    return this;
  }

  GgufException failure(String message) {
    return new GgufException(field(), message);
  }

  String field() {
    return owner + part + (element < 0 ? "" : "[" + element + "]");
  }

  long position() {
    return position;
  }

  long remaining() {
    return bytes.byteSize() - position;
  }

  int u8() {
    return bytes.get(ValueLayout.JAVA_BYTE, skip(1)) & 0xff;
  }

  short i16() {
    return bytes.get(SHORT, skip(2));
  }

  int i32() {
    return bytes.get(INT, skip(4));
  }

  long i64() {
    return bytes.get(LONG, skip(8));
  }

  /**
   * A number of things that each take at least so many bytes of what follows.
   *
   * @throws GgufException if the rest of the file cannot hold them, or the number is above the
   *     bound
   */
  long count(int minimumBytesEach, long bound) {
    long count = i64();
    if (count < 0 || count > remaining() / minimumBytesEach) {
      throw failure(
          Long.toUnsignedString(count)
              + " cannot fit into the remaining "
              + remaining()
              + " bytes");
    }
    if (count > bound) {
      throw failure(count + " is above the bound of " + bound);
    }
    return count;
  }

  void skipString() {
    skip(count(1, Integer.MAX_VALUE - 8));
  }

  /**
   * A string of at most so many bytes.
   *
   * @throws GgufException also if it is not UTF-8
   */
  String string(int maximumBytes) {
    int length = Math.toIntExact(count(1, maximumBytes));
    ByteBuffer slice = bytes.asSlice(skip(length), length).asByteBuffer();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(slice).toString();
    } catch (CharacterCodingException e) {
      throw new GgufException(field(), "is not valid UTF-8", e);
    }
  }

  /** Steps over so many bytes and returns where they began. */
  long skip(long length) {
    if (length < 0 || length > remaining()) {
      throw failure("the file ends after " + bytes.byteSize() + " bytes, within this field");
    }
    long start = position;
    position += length;
    return start;
  }
}

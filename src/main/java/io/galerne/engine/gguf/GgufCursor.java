package io.galerne.engine.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Reads little-endian values one after the other through a small window, and never past the end. It
 * knows the field it is at, so that every failure names it; the name is put together only when it
 * is needed.
 */
final class GgufCursor {
  /**
   * Header, metadata and tensor infos together take no more than this; those of the largest models
   * take a tenth. A file with holes can claim any length, and walking over it would take hours.
   */
  private static final long HEADER_BYTES_MAX = 256L << 20;

  private static final int WINDOW_BYTES = 1 << 14;

  private final GgufSource file;
  private final long end;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private ByteBuffer window = ByteBuffer.allocate(0);
  private long windowStart;
  private long position;
  private String owner = "file";
  private String part = "";
  private long element = -1;

  GgufCursor(GgufSource file, long position) {
    this.file = file;
    this.position = position;
    this.end = Math.min(file.byteSize(), HEADER_BYTES_MAX);
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
    return end - position;
  }

  int u8() {
    int place = take(1);
    return window.get(place) & 0xff;
  }

  short i16() {
    int place = take(2);
    return window.getShort(place);
  }

  int i32() {
    int place = take(4);
    return window.getInt(place);
  }

  long i64() {
    int place = take(8);
    return window.getLong(place);
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
    ByteBuffer bytes;
    if (length <= WINDOW_BYTES) {
      int place = take(length);
      bytes = window.slice(place, length);
    } else {
      bytes = ByteBuffer.allocate(length);
      file.read(skip(length), bytes);
      bytes.flip();
    }
    try {
      return utf8.decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new GgufException(field(), "is not valid UTF-8", e);
    }
  }

  /** Steps over so many bytes and returns where they began. */
  long skip(long length) {
    if (length < 0 || length > remaining()) {
      throw failure(
          end == file.byteSize()
              ? "the file ends after " + end + " bytes, within this field"
              : "the metadata is longer than " + HEADER_BYTES_MAX + " bytes");
    }
    long start = position;
    position += length;
    return start;
  }

  /**
   * Steps over so many bytes, brings them into the window, which may then be another buffer, and
   * returns where they are in it.
   */
  private int take(int length) {
    long start = skip(length);
    if (start < windowStart || start + length > windowStart + window.limit()) {
      int size = (int) Math.min(WINDOW_BYTES, end - start);
      if (window.capacity() < size) {
        window = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      }
      file.read(start, window.clear().limit(size));
      window.flip();
      windowStart = start;
    }
    return (int) (start - windowStart);
  }
}

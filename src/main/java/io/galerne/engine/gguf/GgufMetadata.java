package io.galerne.engine.gguf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The key-value part of a file. Each accessor checks the type and throws a {@link GgufException}
 * that names the key; the file must still be open.
 */
public final class GgufMetadata {
  private static final int STRING_BYTES_MAX = 1 << 20;
  private static final int ELEMENT_BYTES_MAX = 1 << 16;

  private final GgufSource file;
  private final Map<String, GgufValue> values;

  GgufMetadata(GgufSource file, Map<String, GgufValue> values) {
    this.file = file;
    this.values = values;
  }

  public boolean contains(String key) {
    return values.containsKey(key);
  }

  /** All keys in the order of the file. */
  public Set<String> keys() {
    return values.keySet();
  }

  public String string(String key) {
    return findString(key).orElseThrow(() -> missing(key));
  }

  public Optional<String> findString(String key) {
    GgufValue value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    require(key, value, !value.isArray() && value.type() == GgufValueType.STRING, "a string");
    return Optional.of(cursor(key, value).string(STRING_BYTES_MAX));
  }

  /** An integer of any width that fits into an int. */
  public int integer(String key) {
    GgufValue value = single(key);
    require(key, value, !value.isArray() && value.type().isInteger(), "an integer");
    return readInt(cursor(key, value), value.type());
  }

  public int integer(String key, int otherwise) {
    return contains(key) ? integer(key) : otherwise;
  }

  /** A finite number of any type, rounded to float. */
  public float number(String key) {
    GgufValue value = single(key);
    boolean isNumber = value.type().isFloat() || value.type().isInteger();
    require(key, value, !value.isArray() && isNumber, "a number");
    GgufCursor cursor = cursor(key, value);
    float number =
        value.type().isFloat() ? readFloat(cursor, value.type()) : readInt(cursor, value.type());
    if (!Float.isFinite(number)) {
      throw new GgufException(key, number + " is not a finite number");
    }
    return number;
  }

  public float number(String key, float otherwise) {
    return contains(key) ? number(key) : otherwise;
  }

  public boolean bool(String key, boolean otherwise) {
    if (!contains(key)) {
      return otherwise;
    }
    GgufValue value = single(key);
    require(key, value, !value.isArray() && value.type() == GgufValueType.BOOL, "a bool");
    return cursor(key, value).u8() != 0;
  }

  /** The number of elements of an array; an array can be large, so look before reading it. */
  public int length(String key) {
    GgufValue value = single(key);
    require(key, value, value.isArray(), "an array");
    return (int) value.count();
  }

  public List<String> strings(String key) {
    GgufValue value = single(key);
    require(
        key, value, value.isArray() && value.type() == GgufValueType.STRING, "an array of strings");
    GgufCursor cursor = cursor(key, value);
    List<String> strings = new ArrayList<>((int) value.count());
    for (int i = 0; i < value.count(); i++) {
      strings.add(cursor.element(i).string(ELEMENT_BYTES_MAX));
    }
    return strings;
  }

  /** An array of integers of any width, each of which fits into an int. */
  public int[] integers(String key) {
    GgufValue value = single(key);
    require(key, value, value.isArray() && value.type().isInteger(), "an array of integers");
    GgufCursor cursor = cursor(key, value);
    int[] integers = new int[(int) value.count()];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = readInt(cursor.element(i), value.type());
    }
    return integers;
  }

  /** An array of float32 or float64, rounded to float; not-a-number and infinities as they are. */
  public float[] floats(String key) {
    GgufValue value = single(key);
    require(key, value, value.isArray() && value.type().isFloat(), "an array of floats");
    GgufCursor cursor = cursor(key, value);
    float[] floats = new float[(int) value.count()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = readFloat(cursor.element(i), value.type());
    }
    return floats;
  }

  private static int readInt(GgufCursor cursor, GgufValueType type) {
    long number =
        switch (type) {
          case UINT8 -> cursor.u8();
          case INT8 -> (byte) cursor.u8();
          case UINT16 -> cursor.i16() & 0xffff;
          case INT16 -> cursor.i16();
          case UINT32 -> Integer.toUnsignedLong(cursor.i32());
          case INT32 -> cursor.i32();
          case INT64 -> cursor.i64();
          case UINT64 -> {
            long unsigned = cursor.i64();
            yield unsigned < 0 ? Long.MAX_VALUE : unsigned;
          }
          case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> throw cursor.failure("is not an integer");
        };
    if (number != (int) number) {
      throw cursor.failure("is out of the range of a 32-bit integer");
    }
    return (int) number;
  }

  private static float readFloat(GgufCursor cursor, GgufValueType type) {
    return type == GgufValueType.FLOAT32
        ? Float.intBitsToFloat(cursor.i32())
        : (float) Double.longBitsToDouble(cursor.i64());
  }

  private GgufValue single(String key) {
    GgufValue value = values.get(key);
    if (value == null) {
      throw missing(key);
    }
    return value;
  }

  private GgufCursor cursor(String key, GgufValue value) {
    return new GgufCursor(file, value.offset()).at(key, "");
  }

  private static void require(String key, GgufValue value, boolean condition, String expected) {
    if (!condition) {
      throw new GgufException(key, "must be " + expected + " but is " + value.describe());
    }
  }

  private static GgufException missing(String key) {
    return new GgufException(key, "is missing");
  }
}

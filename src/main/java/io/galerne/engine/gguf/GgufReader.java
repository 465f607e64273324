package io.galerne.engine.gguf;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Walks header and metadata of a file and checks every field before anything depends on it. Counts
 * and lengths are held against the bytes that remain, so nothing is allocated for what is not
 * there.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF specification</a>
 */
final class GgufReader {
  private static final int MAGIC = 0x46554747;
  private static final int DEFAULT_ALIGNMENT = 32;
  private static final int LARGEST_ALIGNMENT = 1 << 16;
  private static final int MOST_KEYS = 4096;
  private static final int MOST_TENSORS = 8192;
  private static final int LONGEST_KEY = 256;
  private static final int SMALLEST_KEY_VALUE = 8 + 1 + 4 + 1;
  private static final int SMALLEST_TENSOR_INFO = 8 + 1 + 4 + 8 + 4 + 8;

  private final GgufSource file;
  private final GgufCursor cursor;

  private GgufReader(GgufSource file) {
    this.file = file;
    this.cursor = new GgufCursor(file, 0);
  }

  /** Metadata and tensors of a file that has been checked from end to end. */
  record Content(GgufMetadata metadata, Map<String, GgufTensor> tensors) {}

  static Content read(GgufSource file) {
    return new GgufReader(file).read();
  }

  private Content read() {
    readMagicAndVersion();
    int tensorCount =
        (int) cursor.at("header", ".n_tensors").count(SMALLEST_TENSOR_INFO, MOST_TENSORS);
    int keyCount = (int) cursor.at("header", ".n_kv").count(SMALLEST_KEY_VALUE, MOST_KEYS);
    Map<String, GgufValue> values = new LinkedHashMap<>();
    for (int i = 0; i < keyCount; i++) {
      readKeyValue(i, values);
    }
    GgufMetadata metadata = new GgufMetadata(file, values);
    GgufTensorReader tensors = new GgufTensorReader(file, cursor, alignment(metadata));
    return new Content(metadata, tensors.read(tensorCount));
  }

  private void readMagicAndVersion() {
    int magic = cursor.at("header", ".magic").i32();
    if (magic == Integer.reverseBytes(MAGIC)) {
      throw cursor.failure("this is a big-endian file; only little-endian files are supported");
    }
    if (magic != MAGIC) {
      throw cursor.failure("this is not a GGUF file");
    }
    int version = cursor.at("header", ".version").i32();
    if (version != 0 && (version & 0xffff) == 0) {
      throw cursor.failure("this is a big-endian file; only little-endian files are supported");
    }
    if (version != 2 && version != 3) {
      throw cursor.failure(
          Integer.toUnsignedString(version) + " is not supported, only versions 2 and 3 are");
    }
  }

  private void readKeyValue(int index, Map<String, GgufValue> values) {
    String key = cursor.at("kv", "").element(index).string(LONGEST_KEY);
    if (key.isBlank()) {
      throw cursor.failure("the key is empty");
    }
    cursor.at(key, "");
    if (values.containsKey(key)) {
      throw cursor.failure("the key appears twice");
    }
    values.put(key, readValue());
  }

  private GgufValue readValue() {
    GgufValueType type = readType();
    if (type == GgufValueType.ARRAY) {
      GgufValueType elementType = readType();
      if (elementType == GgufValueType.ARRAY) {
        throw cursor.failure("arrays of arrays are not supported");
      }
      long count = cursor.count(elementType.minimumBytes(), GgufValue.ELEMENTS_MAX);
      GgufValue array = new GgufValue(elementType, count, cursor.position());
      skipElements(elementType, count);
      return array;
    }
    GgufValue value = new GgufValue(type, -1, cursor.position());
    skipElement(type);
    return value;
  }

  private GgufValueType readType() {
    int id = cursor.i32();
    return GgufValueType.ofId(id)
        .orElseThrow(() -> cursor.failure("unknown value type " + Integer.toUnsignedString(id)));
  }

  private void skipElements(GgufValueType type, long count) {
    if (type != GgufValueType.STRING && type != GgufValueType.BOOL) {
      cursor.skip(count * type.minimumBytes());
      return;
    }
    for (long i = 0; i < count; i++) {
      cursor.element(i);
      skipElement(type);
    }
  }

  private void skipElement(GgufValueType type) {
    if (type == GgufValueType.STRING) {
      cursor.skipString();
    } else if (type == GgufValueType.BOOL) {
      int value = cursor.u8();
      if (value > 1) {
        throw cursor.failure("a bool is 0 or 1 but this is " + value);
      }
    } else {
      cursor.skip(type.minimumBytes());
    }
  }

  private static int alignment(GgufMetadata metadata) {
    int alignment = metadata.integer("general.alignment", DEFAULT_ALIGNMENT);
    if (alignment < 8 || alignment > LARGEST_ALIGNMENT || Integer.bitCount(alignment) != 1) {
      throw new GgufException(
          "general.alignment", alignment + " is not a power of two from 8 to " + LARGEST_ALIGNMENT);
    }
    return alignment;
  }
}

package io.galerne.engine.gguf;

/**
 * Where a metadata value lies in the file. Values are decoded when they are asked for, so that
 * checking a file costs next to no memory.
 *
 * @param type of the value, or of the elements of an array
 * @param count elements of an array, or -1 for a single value
 * @param offset of the value or of the first element
 */
record GgufValue(GgufValueType type, long count, long offset) {
  /** More than sixteen times the merges of the largest vocabularies in use. */
  static final int ELEMENTS_MAX = 1 << 23;

  boolean isArray() {
    return count >= 0;
  }

  String describe() {
    return isArray() ? "array of " + type + " of length " + count : type.name();
  }
}

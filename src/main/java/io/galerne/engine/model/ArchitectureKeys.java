package io.galerne.engine.model;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufMetadata;

/**
 * The keys that stand under an architecture's own name, such as {@code llama.block_count}, read
 * with their bounds. Each failure is a {@link GgufException} that names the key.
 */
record ArchitectureKeys(GgufMetadata metadata, String architecture) {
  String name(String key) {
    return architecture + "." + key;
  }

  boolean has(String key) {
    return metadata.contains(name(key));
  }

  /** A size that the file must state: at least 1. */
  int size(String key, int max) {
    return bounded(key, metadata.integer(name(key)), 1, max);
  }

  /** A whole number in {@code min} to {@code max}, or another value where the key is absent. */
  int integer(String key, int otherwise, int min, int max) {
    return has(key) ? bounded(key, metadata.integer(name(key)), min, max) : otherwise;
  }

  /** A finite number above 0, or another value where the key is absent. */
  float positive(String key, float otherwise) {
    return number(key, otherwise, Float.MIN_NORMAL, Float.MAX_VALUE);
  }

  /** A number in {@code min} to {@code max}, or another value where the key is absent. */
  float number(String key, float otherwise, float min, float max) {
    if (!has(key)) {
      return otherwise;
    }
    float value = metadata.number(name(key));
    if (value >= min && value <= max) {
      return value;
    }
    throw failure(
        key,
        min == Float.MIN_NORMAL
            ? value + " is not a positive number"
            : value + " is not in " + min + " to " + max);
  }

  String string(String key, String otherwise) {
    return metadata.findString(name(key)).orElse(otherwise);
  }

  /** Refuses a feature that only some value of a key asks for. */
  void refuse(String key, float except, String what) {
    if (has(key) && metadata.number(name(key)) != except) {
      throw failure(key, what + " is not supported");
    }
  }

  GgufException failure(String key, String message) {
    return new GgufException(name(key), message);
  }

  private int bounded(String key, int value, int min, int max) {
    if (value < min || value > max) {
      throw failure(key, value + " is not in " + min + " to " + max);
    }
    return value;
  }
}

package io.galerne.engine.tokenizer;

import java.util.Arrays;

/** Token ids in the making. */
final class TokenBuffer {
  private int[] ids = new int[32];
  private int size;

  void add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
    }
    ids[size++] = id;
  }

  int[] toArray() {
    return Arrays.copyOf(ids, size);
  }
}

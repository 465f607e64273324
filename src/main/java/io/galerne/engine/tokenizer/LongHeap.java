package io.galerne.engine.tokenizer;

import java.util.Arrays;

/** A binary heap that hands out the smallest number first. */
final class LongHeap {
  private long[] items;
  private int size;

  LongHeap(int capacity) {
    items = new long[Math.max(capacity, 4)];
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(long item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size + (size >> 1) + 1);
    }
    int child = size++;
    while (child > 0 && items[(child - 1) / 2] > item) {
      items[child] = items[(child - 1) / 2];
      child = (child - 1) / 2;
    }
    items[child] = item;
  }

  long removeSmallest() {
    long smallest = items[0];
    long last = items[--size];
    int parent = 0;
    for (int child = 1; child < size; child = 2 * parent + 1) {
      if (child + 1 < size && items[child + 1] < items[child]) {
        child++;
      }
      if (items[child] >= last) {
        break;
      }
      items[parent] = items[child];
      parent = child;
    }
    items[parent] = last;
    return smallest;
  }
}

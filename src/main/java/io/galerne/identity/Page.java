package io.galerne.identity;

import java.util.List;

/**
 * A part of a list.
 *
 * @param total how many there are in all
 */
public record Page<T>(List<T> items, long total) {
  public Page {
    items = List.copyOf(items);
  }

  /**
   * Which part of a list.
   *
   * @param number from 1
   */
  public record Wanted(int number, int size) {
    long offset() {
      return (number - 1L) * size;
    }
  }
}

package io.galerne.engine.grammar.schema;

import java.util.List;

/** How an array of one shape is written. */
public final class ArrayRule {
  /** Each item's rules: what it is, and what it is where it also is what must be contained. */
  private record Item(ValueRule any, ValueRule contained) {}

  private final List<Item> prefix;
  private final Item rest;
  private final int min;
  private final int max;
  private final int least;
  private int height = ValueRule.IMPOSSIBLE;

  /**
   * @param items one for each place of the prefix, then that of all others
   * @param contained likewise, of items that count
   * @param least how many items count
   */
  ArrayRule(List<ValueRule> items, List<ValueRule> contained, int min, int max, int least) {
    List<Item> all = new java.util.ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      all.add(new Item(items.get(i), contained.get(i)));
    }
    this.rest = all.removeLast();
    this.prefix = List.copyOf(all);
    this.min = min;
    this.max = max;
    this.least = least;
  }

  private Item item(int index) {
    return index < prefix.size() ? prefix.get(index) : rest;
  }

  public ValueRule any(int index) {
    return item(index).any;
  }

  public ValueRule contained(int index) {
    return item(index).contained;
  }

  /** Whether items are counted that are what must be contained. */
  public boolean counts() {
    return least > 0;
  }

  public int height() {
    return height;
  }

  /** Whether the array may end after these items. */
  public boolean mayEnd(int index, int counted) {
    return index >= min && counted >= least;
  }

  /** Whether an item that doesn't count may be next, in room for {@code height} more levels. */
  public boolean mayAdd(int index, int counted, int height) {
    return index < max
        && item(index).any.height() <= height
        && mayFinish(index + 1, counted, height);
  }

  /** Whether an item that counts may be next. */
  public boolean mayAddContained(int index, int counted, int height) {
    return least > 0
        && index < max
        && item(index).contained.height() <= height
        && mayFinish(index + 1, counted + 1, height);
  }

  /** Whether some array begins with these items; the earliest items that can count, do. */
  private boolean mayFinish(int index, int counted, int height) {
    int needed = Math.max(0, least - counted);
    int at = index;
    while (at < prefix.size() && (needed > 0 || at < min)) {
      if (at >= max) {
        return false;
      }
      if (needed > 0 && item(at).contained.height() <= height) {
        needed--;
      } else if (item(at).any.height() > height) {
        return false;
      }
      at++;
    }
    if (needed > 0 && ((long) at + needed > max || rest.contained.height() > height)) {
      return false;
    }
    return at + needed >= min || (min <= max && rest.any.height() <= height);
  }

  /** Whether an array of this rule may begin where {@code height} more levels have room. */
  public boolean mayBegin(int height) {
    return this.height <= height;
  }

  /** The index beyond which all items are alike, given how many there may be. */
  public int index(int index) {
    return max == ArrayShape.UNBOUNDED ? Math.min(index, Math.max(prefix.size(), min)) : index;
  }

  /** As many counted items as matter. */
  public int counted(int counted) {
    return Math.min(counted, least);
  }

  /** Lowers the height to that of its lowest array. */
  int settle() {
    int lowest = height;
    int[] candidates = new int[2 * prefix.size() + 3];
    int count = 0;
    candidates[count++] = 0;
    candidates[count++] = rest.any.height();
    candidates[count++] = rest.contained.height();
    for (Item item : prefix) {
      candidates[count++] = item.any.height();
      candidates[count++] = item.contained.height();
    }
    for (int inner : candidates) {
      if (inner + 1 < lowest && mayFinish(0, 0, inner)) {
        lowest = inner + 1;
      }
    }
    height = lowest;
    return lowest;
  }
}

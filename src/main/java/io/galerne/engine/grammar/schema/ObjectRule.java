package io.galerne.engine.grammar.schema;

import java.util.Arrays;
import java.util.List;

/**
 * How an object of one shape is written. Its properties fall into classes: one for each that is
 * named, and one for each set of patterns that other names match.
 */
public final class ObjectRule {
  private final List<ValueRule> values;
  private final int named;
  private final boolean[] required;
  private final int requiredCount;
  private final int min;
  private final int max;
  private final boolean describesOthers;
  private KeyTable keys;
  private int height = ValueRule.IMPOSSIBLE;

  /**
   * @param keys property names in quotes, labelled with their class
   * @param values by class; the named ones come first
   * @param required by class of those that are named
   * @param describesOthers whether the schema says what values other names have
   */
  ObjectRule(
      KeyTable keys,
      List<ValueRule> values,
      boolean[] required,
      int min,
      int max,
      boolean describesOthers) {
    this.keys = keys;
    this.values = List.copyOf(values);
    this.named = required.length;
    this.required = required;
    int count = 0;
    for (boolean one : required) {
      count += one ? 1 : 0;
    }
    this.requiredCount = count;
    this.min = min;
    this.max = max;
    this.describesOthers = describesOthers;
  }

  /** Drops the names whose values are impossible. */
  void finish() {
    keys = keys.without(c -> values.get(c).height() >= ValueRule.IMPOSSIBLE);
  }

  public KeyTable keys() {
    return keys;
  }

  public ValueRule value(int keyClass) {
    return values.get(keyClass);
  }

  public boolean isNamed(int keyClass) {
    return keyClass < named;
  }

  /**
   * Whether names are proposed to models that aren't named: where the schema describes their
   * values, or names nothing itself.
   */
  public boolean proposesOthers() {
    boolean names = false;
    for (int c = 0; c < named; c++) {
      names |= values.get(c).height() < ValueRule.IMPOSSIBLE;
    }
    return describesOthers || !names;
  }

  /** Whether one of these classes is that of a named property. */
  public boolean hasNamed(long[] classes) {
    for (int c = 0; c < named; c++) {
      if (isSet(classes, c)) {
        return true;
      }
    }
    return false;
  }

  public int height() {
    return height;
  }

  public int words() {
    return (values.size() + 63) >> 6;
  }

  /**
   * The classes that the next property may have, none where there can't be one.
   *
   * @param seen bits of the named properties so far
   * @param count properties so far
   * @param others how many of them aren't named
   * @param height how many more levels have room
   */
  public long[] next(long[] seen, int count, int others, int height) {
    long[] next = new long[words()];
    if (count >= max) {
      return next;
    }
    int missing = requiredCount;
    for (int c = 0; c < named; c++) {
      missing -= required[c] && isSet(seen, c) ? 1 : 0;
    }
    boolean room = (long) count + missing < max;
    boolean othersHaveRoom = room && keys.words(0) > others;
    for (int c = named; c < values.size(); c++) {
      othersHaveRoom &=
          values.get(c).height() <= height || values.get(c).height() >= ValueRule.IMPOSSIBLE;
    }
    for (int c = 0; c < values.size(); c++) {
      boolean may = c < named ? !isSet(seen, c) && (room || required[c]) : othersHaveRoom;
      if (may && values.get(c).height() <= height) {
        next[c >> 6] |= 1L << c;
      }
    }
    return next;
  }

  public boolean mayEnd(long[] seen, int count) {
    if (count < min) {
      return false;
    }
    for (int c = 0; c < named; c++) {
      if (required[c] && !isSet(seen, c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSet(long[] bits, int index) {
    return ((bits[index >> 6] >>> index) & 1) != 0;
  }

  /** Lowers the height to that of its lowest object. */
  int settle() {
    int[] candidates = new int[values.size() + 1];
    for (int c = 0; c < values.size(); c++) {
      candidates[c + 1] = values.get(c).height();
    }
    Arrays.sort(candidates);
    for (int inner : candidates) {
      if (inner + 1 >= height) {
        break;
      }
      if (exists(inner)) {
        height = inner + 1;
      }
    }
    return height;
  }

  private boolean exists(int inner) {
    double available = 0;
    for (int c = 0; c < named; c++) {
      boolean low = values.get(c).height() <= inner;
      if (required[c] && !low) {
        return false;
      }
      available += low ? 1 : 0;
    }
    boolean others = values.size() > named;
    for (int c = named; c < values.size(); c++) {
      others &= values.get(c).height() <= inner;
    }
    return requiredCount <= max
        && min <= max
        && (others ? available + keys.words(0) : available) >= min;
  }
}

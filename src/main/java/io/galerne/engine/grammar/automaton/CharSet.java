package io.galerne.engine.grammar.automaton;

import java.util.ArrayList;
import java.util.List;

/**
 * A set of Unicode code points.
 *
 * @param bounds pairs of first and last code point, ascending and apart
 */
record CharSet(int[] bounds) {
  static final int LAST = Character.MAX_CODE_POINT;
  static final CharSet ALL = range(0, LAST);
  static final CharSet NONE = new CharSet(new int[0]);
  static final CharSet DIGIT = range('0', '9');
  static final CharSet WORD = of('0', '9', 'A', 'Z', '_', '_', 'a', 'z');

  /** ECMA-262's white space and line terminators. */
  static final CharSet SPACE =
      of(
          '\t', '\r', ' ', ' ', 0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029, 0x202F,
          0x202F, 0x205F, 0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF);

  /** What a dot stands for: all but line terminators. */
  static final CharSet DOT = of('\n', '\n', '\r', '\r', 0x2028, 0x2029).complement();

  static CharSet of(int... bounds) {
    return new CharSet(bounds);
  }

  static CharSet range(int first, int last) {
    return new CharSet(new int[] {first, last});
  }

  static CharSet union(List<CharSet> sets) {
    List<int[]> ranges = new ArrayList<>();
    for (CharSet set : sets) {
      for (int i = 0; i < set.bounds.length; i += 2) {
        ranges.add(new int[] {set.bounds[i], set.bounds[i + 1]});
      }
    }
    ranges.sort((a, b) -> Integer.compare(a[0], b[0]));
    List<int[]> merged = new ArrayList<>();
    for (int[] range : ranges) {
      int[] last = merged.isEmpty() ? null : merged.getLast();
      if (last != null && range[0] <= last[1] + 1) {
        last[1] = Math.max(last[1], range[1]);
      } else {
        merged.add(range);
      }
    }
    return new CharSet(merged.stream().flatMapToInt(java.util.Arrays::stream).toArray());
  }

  CharSet complement() {
    List<Integer> result = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      if (bounds[i] > from) {
        result.add(from);
        result.add(bounds[i] - 1);
      }
      from = bounds[i + 1] + 1;
    }
    if (from <= LAST) {
      result.add(from);
      result.add(LAST);
    }
    return new CharSet(result.stream().mapToInt(Integer::intValue).toArray());
  }

  boolean contains(int codePoint) {
    for (int i = 0; i < bounds.length; i += 2) {
      if (codePoint >= bounds[i] && codePoint <= bounds[i + 1]) {
        return true;
      }
    }
    return false;
  }
}

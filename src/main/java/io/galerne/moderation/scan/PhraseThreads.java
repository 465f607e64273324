package io.galerne.moderation.scan;

import java.util.Arrays;

/** The matches in progress of a {@link PhraseScanner}, without repetition. */
final class PhraseThreads {
  /** Words are written as they are, so far. */
  static final int TIGHT = 0;

  /** Each letter of a word is followed by a gap. */
  static final int SPACED = 1;

  /** A gap stands within a word. */
  static final int LOOSE = 2;

  /** No two letters of a word were seen yet: it may be either way. */
  static final int OPEN = 3;

  private static final int THREADS_MAX = 2048;

  private int[] nodes = new int[16];
  private int[] modes = new int[16];
  private int[] repeats = new int[16];
  private int[] gaps = new int[16];
  private int[] letters = new int[16];
  private int[] starts = new int[16];
  private int[] ends = new int[16];
  private int size;

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  /**
   * @param repeat how often the last letter was written more often than it should; 2 for more
   * @param gap separators since the last letter
   * @param letter the last letter
   * @param end of the last letter in the text
   */
  void add(int node, int mode, int repeat, int gap, int letter, int start, int end) {
    for (int i = 0; i < size; i++) {
      if (nodes[i] == node
          && modes[i] == mode
          && repeats[i] == repeat
          && gaps[i] == gap
          && letters[i] == letter) {
        if (start < starts[i]) {
          starts[i] = start;
          ends[i] = end;
        }
        return;
      }
    }
    if (size == THREADS_MAX) {
      return;
    }
    if (size == nodes.length) {
      grow();
    }
    nodes[size] = node;
    modes[size] = mode;
    repeats[size] = repeat;
    gaps[size] = gap;
    letters[size] = letter;
    starts[size] = start;
    ends[size++] = end;
  }

  private void grow() {
    int more = 2 * size;
    nodes = Arrays.copyOf(nodes, more);
    modes = Arrays.copyOf(modes, more);
    repeats = Arrays.copyOf(repeats, more);
    gaps = Arrays.copyOf(gaps, more);
    letters = Arrays.copyOf(letters, more);
    starts = Arrays.copyOf(starts, more);
    ends = Arrays.copyOf(ends, more);
  }

  int node(int i) {
    return nodes[i];
  }

  int mode(int i) {
    return modes[i];
  }

  int repeat(int i) {
    return repeats[i];
  }

  int gap(int i) {
    return gaps[i];
  }

  int letter(int i) {
    return letters[i];
  }

  int start(int i) {
    return starts[i];
  }

  int end(int i) {
    return ends[i];
  }

  int firstStart() {
    int first = Scanner.NOTHING;
    for (int i = 0; i < size; i++) {
      first = Math.min(first, starts[i]);
    }
    return first;
  }
}

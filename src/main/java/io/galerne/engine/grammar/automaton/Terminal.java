package io.galerne.engine.grammar.automaton;

/**
 * What one scalar value may be written as. States are numbers; from each of them a value can be
 * finished.
 */
public sealed interface Terminal {
  int start();

  /** The state after a byte, {@link Dfa#DEAD} where no value goes on. */
  int step(int state, int value);

  boolean accepts(int state);

  /**
   * Something equal for states between which no word of at most {@code longest} bytes tells.
   *
   * @param longest bytes of a vocabulary's longest token
   */
  Object mask(int state, int longest);

  /**
   * Whether a state leads to a spelling that is proposed to models. From such a state there always
   * is a way on that stays with such spellings.
   */
  default boolean isProposed(int state) {
    return true;
  }

  /** Whether not all spellings are proposed. */
  default boolean hasPreference() {
    return false;
  }

  /** A terminal by its automaton alone. */
  static Terminal of(Dfa dfa) {
    return new Table(dfa);
  }

  /** The words of an automaton, only those of at most {@code longest} bytes. */
  static Terminal bounded(Dfa dfa, int longest) {
    int[] distances = dfa.distances();
    return new Bounded(dfa, distances, distances, longest, false);
  }

  /**
   * As {@link #bounded}; only words with the label 0 are proposed. There must be one that short.
   */
  static Terminal boundedPreferring(Dfa dfa, int longest) {
    return new Bounded(dfa, dfa.distances(), dfa.distances(label -> label == 0), longest, true);
  }

  /** Strings of a number of characters, escaped as one likes. */
  static Terminal text(Dfa anyString, int min, int max) {
    return new Text(anyString, anyString.step(0, '"'), min, max);
  }

  /** An automaton's states are the terminal's. */
  record Table(Dfa dfa) implements Terminal {
    private record TableState(Dfa dfa, int state) {}

    @Override
    public int start() {
      return dfa.isEmpty() ? Dfa.DEAD : 0;
    }

    @Override
    public int step(int state, int value) {
      return dfa.step(state, value);
    }

    @Override
    public boolean accepts(int state) {
      return dfa.accepts(state);
    }

    @Override
    public Object mask(int state, int longest) {
      return new TableState(dfa, state);
    }
  }

  /** The automaton's state in the high bits, the bytes read in the low ones. */
  record Bounded(Dfa dfa, int[] distances, int[] proposed, int longest, boolean hasPreference)
      implements Terminal {
    private static final int BITS = 10;

    private record BoundedState(Dfa dfa, int state, int left) {}

    @Override
    public int start() {
      return dfa.isEmpty() ? Dfa.DEAD : 0;
    }

    @Override
    public int step(int state, int value) {
      int next = dfa.step(state >> BITS, value);
      int read = (state & ((1 << BITS) - 1)) + 1;
      return next == Dfa.DEAD || read + distances[next] > longest
          ? Dfa.DEAD
          : (next << BITS) | read;
    }

    @Override
    public boolean accepts(int state) {
      return dfa.accepts(state >> BITS);
    }

    @Override
    public boolean isProposed(int state) {
      int left = longest - (state & ((1 << BITS) - 1));
      return proposed[state >> BITS] <= left;
    }

    @Override
    public Object mask(int state, int longestToken) {
      int left = longest - (state & ((1 << BITS) - 1));
      return new BoundedState(dfa, state >> BITS, left);
    }
  }

  /** The state of the spelling in the low bits, the characters read in the high ones. */
  record Text(Dfa any, int content, int min, int max) implements Terminal {
    private static final int BITS = 8;

    /** Whether the string has begun and no character of it is unfinished. */
    public boolean isBetweenCharacters(int state) {
      return (state & ((1 << BITS) - 1)) == content;
    }

    /** The fewest characters that must follow. */
    public int needed(int state) {
      return Math.max(0, min - (state >> BITS));
    }

    /** The most characters that may follow. */
    public int room(int state) {
      return max == Strings.UNBOUNDED ? Integer.MAX_VALUE : max - (state >> BITS);
    }

    private record TextState(Dfa any, int state, int needed, int left) {}

    @Override
    public int start() {
      return 0;
    }

    @Override
    public int step(int state, int value) {
      int spelling = state & ((1 << BITS) - 1);
      int read = state >> BITS;
      int next = any.step(spelling, value);
      if (next == Dfa.DEAD) {
        return Dfa.DEAD;
      }
      if (any.accepts(next)) {
        return read >= min ? (read << BITS) | next : Dfa.DEAD;
      }
      if (spelling == 0) {
        return next;
      }
      if (spelling == content && read == max) {
        return Dfa.DEAD;
      }
      boolean counted = next == content && (max != Strings.UNBOUNDED || read < min);
      return ((counted ? read + 1 : read) << BITS) | next;
    }

    @Override
    public boolean accepts(int state) {
      return any.accepts(state & ((1 << BITS) - 1));
    }

    @Override
    public Object mask(int state, int longest) {
      int read = state >> BITS;
      int needed = Math.clamp((long) min - read, 0, longest + 1);
      int left = max == Strings.UNBOUNDED ? longest + 1 : Math.min(max - read, longest + 1);
      return new TextState(any, state & ((1 << BITS) - 1), needed, left);
    }
  }
}

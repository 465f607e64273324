package io.galerne.engine.grammar;

import io.galerne.engine.grammar.MaskCache.Sized;
import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.automaton.Terminal;
import io.galerne.engine.grammar.schema.KeyTable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Works out which tokens may come next. A token may end one value and begin the next; most only go
 * on with the scalar at hand, though, and which of them do depends on the automaton's state alone.
 * Those sets are worked out once, as XGrammar does (Dong et al., 2024), and only tokens that leave
 * the scalar are followed further. For one mask.
 */
final class MaskSearch {
  private final TokenVocabulary vocabulary;
  private final TokenTrie trie;
  private final MaskCache cache;
  private final FreeText freeText;
  private final Grammar grammar;
  private final boolean proposed;

  /**
   * @param proposed whether spellings are left out that models aren't led to
   */
  MaskSearch(
      TokenVocabulary vocabulary,
      MaskCache cache,
      FreeText freeText,
      Grammar grammar,
      boolean proposed) {
    this.vocabulary = vocabulary;
    this.trie = vocabulary.trie();
    this.cache = cache;
    this.freeText = freeText;
    this.grammar = grammar;
    this.proposed = proposed;
  }

  /** The key of what is proposed at a place, where that is less than what is allowed. */
  record Proposed(Object place) {}

  /** Tokens that stay within a scalar, and the nodes where it may end. */
  private record Inside(long[] bits, int[] exits) implements Sized {
    @Override
    public long bytes() {
      return 8L * bits.length + 4L * exits.length;
    }
  }

  /** A name's place: what its automaton may go on to. */
  private record NameState(KeyTable keys, int state, Allowed allowed) {}

  private record Allowed(long[] bits) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Allowed(long[] otherBits) && Arrays.equals(bits, otherBits);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bits);
    }
  }

  private @Nullable Cursor step(Cursor from, int value) {
    return proposed ? from.propose(value) : from.step(value);
  }

  /** {@code [maskLength]}: the tokens that may come next at a place. */
  long[] mask(Cursor cursor) {
    long[] bits = new long[vocabulary.maskLength()];
    Inside inside = inside(cursor);
    if (inside == null) {
      follow(0, cursor, bits);
    } else {
      System.arraycopy(inside.bits, 0, bits, 0, bits.length);
      Cursor after = cursor.scan() instanceof ScalarScan scan ? scan.ended(cursor.frame()) : null;
      for (int exit : inside.exits) {
        Cursor there = after == null ? walk(cursor, exit) : after;
        if (there != null) {
          if (exit != 0) {
            trie.add(exit, bits);
          }
          follow(exit, there, bits);
        }
      }
    }
    if (cursor.isComplete()) {
      vocabulary.addEndings(bits);
    }
    return bits;
  }

  /** Sets the bits of all tokens below a node that the cursor there allows. */
  private void follow(int node, Cursor at, long[] bits) {
    int base = trie.depth(node);
    @Nullable Cursor[] path = new @Nullable Cursor[trie.longest() + 1 - base];
    path[0] = at;
    int below = node + 1;
    while (below < trie.end(node)) {
      int level = trie.depth(below) - base;
      Cursor from = path[level - 1];
      Cursor next = from == null ? null : step(from, trie.label(below));
      if (next == null) {
        below = trie.end(below);
      } else {
        path[level] = next;
        trie.add(below, bits);
        below++;
      }
    }
  }

  private @Nullable Cursor walk(Cursor from, int node) {
    int[] labels = new int[trie.depth(node)];
    int at = node;
    for (int i = labels.length - 1; i >= 0; i--) {
      labels[i] = trie.label(at);
      at = trie.parent(at);
    }
    Cursor cursor = from;
    for (int label : labels) {
      cursor = cursor == null ? null : step(cursor, label);
    }
    return cursor;
  }

  /** What stays within the scalar or name at a place; null where several automata read it. */
  private @Nullable Inside inside(Cursor cursor) {
    return switch (cursor.scan()) {
      case null -> null;
      case ScalarScan scan -> {
        Terminal terminal = scan.single();
        yield terminal == null ? null : inside(terminal, scan.singleState(), scan.isOpen());
      }
      case KeyScan scan -> inside((ObjectFrame) cursor.frame(), scan);
      case WordScan scan ->
          ((CallsFrame) cursor.frame()).isText()
              ? inside(Terminal.of(scan.dfa()), scan.state(), false)
              : null;
    };
  }

  private Inside inside(Terminal terminal, int state, boolean open) {
    if (terminal instanceof Terminal.Text text && text.isBetweenCharacters(state)) {
      return new Inside(freeText.inside(text.room(state)), freeText.exits(text, state));
    }
    Object place = terminal.mask(state, trie.longest());
    Object key = proposed && terminal.hasPreference() ? new Proposed(place) : place;
    if (cache.get(key) instanceof Inside known) {
      return known;
    }
    Inside found =
        terminal instanceof Terminal.Table(Dfa dfa)
            ? explore(dfa, state, null)
            : explore(terminal, state);
    if (open && terminal.accepts(state)) {
      // A scalar that only what follows ends may end at once.
      int[] exits = new int[found.exits.length + 1];
      System.arraycopy(found.exits, 0, exits, 1, found.exits.length);
      found = new Inside(found.bits, exits);
    }
    cache.put(key, found, grammar);
    return found;
  }

  private @Nullable Inside inside(ObjectFrame frame, KeyScan scan) {
    int state = scan.single(frame);
    if (state < 0) {
      return null;
    }
    KeyTable keys = frame.rule(0).keys();
    boolean named = proposed && !frame.proposesOthers();
    Object place = new NameState(keys, state, new Allowed(scan.allowed()));
    Object key = named ? new Proposed(place) : place;
    if (cache.get(key) instanceof Inside known) {
      return known;
    }
    boolean[] live = new boolean[keys.dfa().states()];
    for (int i = 0; i < live.length; i++) {
      live[i] = named ? keys.mayBecomeNamed(i, scan.allowed()) : keys.mayBecome(i, scan.allowed());
    }
    Inside found = explore(keys.dfa(), state, live);
    cache.put(key, found, grammar);
    return found;
  }

  /** Tokens that end where the scalar may are left to their exits. */
  private Inside explore(Dfa dfa, int state, boolean @Nullable [] live) {
    Exploration found = new Exploration();
    int[] path = new int[trie.longest() + 1];
    path[0] = state;
    int nodes = trie.nodes();
    int node = 1;
    while (node < nodes) {
      int depth = trie.depth(node);
      int next = dfa.step(path[depth - 1], trie.label(node));
      if (next == Dfa.DEAD || (live != null && !live[next])) {
        node = trie.end(node);
      } else {
        path[depth] = next;
        found.add(node++, dfa.accepts(next));
      }
    }
    return found.inside();
  }

  private Inside explore(Terminal terminal, int state) {
    Exploration found = new Exploration();
    int[] path = new int[trie.longest() + 1];
    path[0] = state;
    int node = 1;
    while (node < trie.nodes()) {
      int depth = trie.depth(node);
      int next = terminal.step(path[depth - 1], trie.label(node));
      if (next == Dfa.DEAD || (proposed && !terminal.isProposed(next))) {
        node = trie.end(node);
      } else {
        path[depth] = next;
        found.add(node++, terminal.accepts(next));
      }
    }
    return found.inside();
  }

  private final class Exploration {
    private final long[] bits = new long[vocabulary.maskLength()];
    private int[] exits = new int[16];
    private int count;

    void add(int node, boolean exit) {
      if (!exit) {
        trie.add(node, bits);
        return;
      }
      if (count == exits.length) {
        exits = Arrays.copyOf(exits, 2 * count);
      }
      exits[count++] = node;
    }

    Inside inside() {
      return new Inside(bits, Arrays.copyOf(exits, count));
    }
  }
}

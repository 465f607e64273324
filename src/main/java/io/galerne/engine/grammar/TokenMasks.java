package io.galerne.engine.grammar;

import io.galerne.engine.grammar.MaskCache.Sized;
import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.automaton.Terminal;
import io.galerne.engine.grammar.schema.KeyTable;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens may come next. A token may end one value and begin the next; most only go on with
 * the scalar at hand, though, and which of them do depends on the automaton's state alone. Those
 * sets are worked out once for all grammars, as XGrammar does (Dong et al., 2024), and only tokens
 * that leave the scalar are followed further. Masks are kept by place, so that sequences at equal
 * places share them. Safe for many threads.
 */
public final class TokenMasks {
  private final TokenVocabulary vocabulary;
  private final TokenTrie trie;
  private final MaskCache cache;
  private final FreeText freeText;

  /**
   * @param cacheBytes the most that remembered masks may take
   */
  public TokenMasks(TokenVocabulary vocabulary, long cacheBytes) {
    this.vocabulary = vocabulary;
    this.trie = vocabulary.trie();
    this.cache = new MaskCache(cacheBytes);
    this.freeText = new FreeText(trie, vocabulary.maskLength());
  }

  /** Tokens that stay within a scalar, and the nodes where it may end. */
  private record Inside(long[] bits, int[] exits) implements Sized {
    @Override
    public long bytes() {
      return 8L * bits.length + 4L * exits.length;
    }
  }

  private record Mask(long[] bits) implements Sized {
    @Override
    public long bytes() {
      return 8L * bits.length;
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

  public TokenVocabulary vocabulary() {
    return vocabulary;
  }

  /** Bytes that remembered masks take. */
  public long cachedBytes() {
    return cache.bytes();
  }

  /**
   * Sets the bits of the tokens that may come next and clears all others. Tokens that end an answer
   * are among them exactly if it is complete.
   *
   * @param allowed {@code [maskLength]}
   */
  public void fill(GrammarState state, long[] allowed) {
    if (state.hasEnded()) {
      Arrays.fill(allowed, 0);
      return;
    }
    Cursor cursor = state.cursor();
    long[] mask;
    if (cache.get(cursor) instanceof Mask(long[] bits)) {
      mask = bits;
    } else {
      mask = compute(cursor, state.grammar());
      cache.put(cursor, new Mask(mask), state.grammar());
    }
    System.arraycopy(mask, 0, allowed, 0, mask.length);
  }

  /**
   * The state after a token.
   *
   * @throws IllegalArgumentException where the token isn't allowed
   */
  public GrammarState advance(GrammarState state, int token) {
    return tryAdvance(state, token)
        .orElseThrow(() -> new IllegalArgumentException("token " + token + " isn't allowed"));
  }

  /** The state after a token, empty where it isn't allowed. */
  public Optional<GrammarState> tryAdvance(GrammarState state, int token) {
    if (vocabulary.isEnding(token)) {
      return state.isComplete() && !state.hasEnded() ? Optional.of(state.end()) : Optional.empty();
    }
    byte[] bytes = vocabulary.bytes(token);
    return bytes.length == 0 ? Optional.empty() : state.advance(bytes);
  }

  /**
   * The tokens of the text that must follow, to be appended without asking the model. Where more
   * text comes after it, the last token is left to the model, because that text may belong to it.
   *
   * @param encode the tokenizer; what it makes of the text is checked
   */
  public int[] forcedTokens(GrammarState state, Function<byte[], int[]> encode) {
    byte[] text = state.forcedText();
    if (text.length == 0) {
      return new int[0];
    }
    int[] tokens = encode.apply(text);
    GrammarState at = state;
    int count = 0;
    for (int token : tokens) {
      Optional<GrammarState> next = tryAdvance(at, token);
      if (next.isEmpty()) {
        break;
      }
      at = next.get();
      count++;
    }
    return Arrays.copyOf(tokens, at.isFinished() ? count : Math.max(0, count - 1));
  }

  private long[] compute(Cursor cursor, Grammar grammar) {
    long[] bits = new long[vocabulary.maskLength()];
    Inside inside = inside(cursor, grammar);
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
      Cursor next = from == null ? null : from.step(trie.label(below));
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
      cursor = cursor == null ? null : cursor.step(label);
    }
    return cursor;
  }

  /** What stays within the scalar or name at a place; null where several automata read it. */
  private @Nullable Inside inside(Cursor cursor, Grammar grammar) {
    return switch (cursor.scan()) {
      case null -> null;
      case ScalarScan scan -> {
        Terminal terminal = scan.single();
        yield terminal == null
            ? null
            : inside(terminal, scan.singleState(), scan.isOpen(), grammar);
      }
      case KeyScan scan -> inside((ObjectFrame) cursor.frame(), scan, grammar);
      case WordScan scan ->
          ((CallsFrame) cursor.frame()).isText()
              ? inside(Terminal.of(scan.dfa()), scan.state(), false, grammar)
              : null;
    };
  }

  private Inside inside(Terminal terminal, int state, boolean open, Grammar grammar) {
    if (terminal instanceof Terminal.Text text && text.isBetweenCharacters(state)) {
      return new Inside(freeText.inside(text.room(state)), freeText.exits(text, state));
    }
    Object key = terminal.mask(state, trie.longest());
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

  private @Nullable Inside inside(ObjectFrame frame, KeyScan scan, Grammar grammar) {
    int state = scan.single(frame);
    if (state < 0) {
      return null;
    }
    KeyTable keys = frame.rule(0).keys();
    Object key = new NameState(keys, state, new Allowed(scan.allowed()));
    if (cache.get(key) instanceof Inside known) {
      return known;
    }
    boolean[] live = new boolean[keys.dfa().states()];
    for (int i = 0; i < live.length; i++) {
      live[i] = keys.mayBecome(i, scan.allowed());
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
      if (next == Dfa.DEAD) {
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

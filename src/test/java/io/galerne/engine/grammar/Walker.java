package io.galerne.engine.grammar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes documents token by token as masks allow, and looks for defects of the masks on the way.
 */
final class Walker {
  /** What is looked at: the engine's masks, or broken ones. */
  interface Masks {
    void fill(GrammarState state, long[] allowed);
  }

  /** A mask is wrong. */
  static final class Defect extends RuntimeException {
    Defect(String message) {
      super(message);
    }
  }

  private static final int MOST_STEPS = 20_000;
  private static final String FIRST_OF_VALUES = "ntf0123456789-\"[{";

  private final TokenMasks tokens;
  private final Masks masks;
  private final Random random;
  private final long[] allowed;
  private final boolean proposals;

  Walker(TokenMasks tokens, Masks masks, long seed) {
    this(tokens, masks, seed, false);
  }

  /**
   * @param proposals whether documents end as is proposed, too
   */
  Walker(TokenMasks tokens, Masks masks, long seed, boolean proposals) {
    this.proposals = proposals;
    this.tokens = tokens;
    this.masks = masks;
    this.random = new Random(seed);
    this.allowed = new long[tokens.vocabulary().maskLength()];
  }

  /** A document that begins with some tokens by chance and then ends as soon as it can. */
  byte[] document(Grammar grammar, int byChance) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    GrammarState state = grammar.start();
    for (int i = 0; i < byChance && !state.isFinished(); i++) {
      BitSet choices = choices(state);
      for (int probe = 0; probe < 3; probe++) {
        int token = pick(choices);
        GrammarState after = advance(state, token);
        if (!after.isFinished() && probe == 0) {
          completion(after);
        }
      }
      int token = pick(choices);
      state = advance(state, token);
      text.writeBytes(tokens.vocabulary().bytes(token));
    }
    text.writeBytes(completion(state));
    return text.toByteArray();
  }

  private BitSet choices(GrammarState state) {
    masks.fill(state, allowed);
    BitSet choices = BitSet.valueOf(allowed);
    if (choices.isEmpty()) {
      throw new Defect("nothing is allowed");
    }
    return choices;
  }

  private GrammarState advance(GrammarState state, int token) {
    return tokens.tryAdvance(state, token).orElseThrow(() -> new Defect("wrongly allowed"));
  }

  private int pick(BitSet choices) {
    int skip = random.nextInt(choices.cardinality());
    int token = choices.nextSetBit(0);
    while (skip-- > 0) {
      token = choices.nextSetBit(token + 1);
    }
    return token;
  }

  /**
   * The text by which a document ends: what closes is taken where it may be, scalars are finished
   * the shortest way, values take turns in how they begin. Since no place is a dead end, no choice
   * has to be taken back.
   */
  private byte[] completion(GrammarState from) {
    Bytes text = Bytes.NONE;
    Cursor at = from.cursor();
    for (int steps = 0; steps < MOST_STEPS; steps++) {
      if (from.hasEnded() || at.isComplete()) {
        return text.toArray();
      }
      Reached next = at.scan() == null ? between(at, text, steps) : finishScan(at, text);
      at = next.cursor;
      text = next.text;
    }
    throw new Defect("no completion was found");
  }

  private @Nullable Cursor step(Cursor from, int value) {
    return proposals ? from.propose(value) : from.step(value);
  }

  private record Reached(Cursor cursor, Bytes text) {}

  private Reached between(Cursor at, Bytes text, int turn) {
    String first = FIRST_OF_VALUES.substring(turn % FIRST_OF_VALUES.length());
    for (int value : ("}]:," + first + FIRST_OF_VALUES).toCharArray()) {
      Cursor next = step(at, value);
      if (next != null && next.scan() instanceof KeyScan) {
        return name(at, text);
      }
      if (next != null) {
        return new Reached(next, text.plus(value));
      }
    }
    throw new Defect("a dead end between values");
  }

  /** The names that random schemas ask for come first, others the shortest way. */
  private Reached name(Cursor at, Bytes text) {
    for (String name : RandomSchemas.NAMES) {
      Cursor next = at;
      Bytes longer = text;
      for (byte value : ('"' + name + '"').getBytes(StandardCharsets.UTF_8)) {
        next = next == null ? null : step(next, value & 0xFF);
        longer = longer.plus(value & 0xFF);
      }
      if (next != null) {
        return new Reached(next, longer);
      }
    }
    Cursor quoted = step(at, '"');
    if (quoted == null) {
      throw new Defect("a dead end before a name");
    }
    return finishScan(quoted, text.plus('"'));
  }

  private Reached finishScan(Cursor from, Bytes text) {
    ArrayDeque<Reached> queue = new ArrayDeque<>();
    Set<Object> seen = new HashSet<>();
    queue.add(new Reached(from, text));
    while (!queue.isEmpty() && seen.size() < MOST_STEPS) {
      Reached at = queue.remove();
      for (int value = 0; value < 256; value++) {
        Cursor next = step(at.cursor, value);
        if (next == null) {
          continue;
        }
        Reached reached = new Reached(next, at.text.plus(value));
        if (next.scan() == null || next.isComplete()) {
          return reached;
        }
        if (seen.add(next.scan())) {
          queue.add(reached);
        }
      }
    }
    throw new Defect("a dead end within " + text);
  }

  /** Spells a document in tokens by chance; each must be allowed where it comes. */
  void retokenize(Grammar grammar, byte[] document, List<List<Integer>> byFirstByte) {
    GrammarState state = grammar.start();
    int at = 0;
    while (at < document.length) {
      List<Integer> fitting = new ArrayList<>();
      for (int token : byFirstByte.get(document[at] & 0xFF)) {
        if (startsAt(document, at, tokens.vocabulary().bytes(token))) {
          fitting.add(token);
        }
      }
      int token = fitting.get(random.nextInt(fitting.size()));
      masks.fill(state, allowed);
      if (((allowed[token >> 6] >>> token) & 1) == 0) {
        throw new Defect("wrongly refused");
      }
      Optional<GrammarState> next = tokens.tryAdvance(state, token);
      state = next.orElseThrow(() -> new Defect("refused by the step"));
      at += tokens.vocabulary().bytes(token).length;
    }
    if (!state.isComplete()) {
      throw new Defect("not complete");
    }
    masks.fill(state, allowed);
    if (BitSet.valueOf(allowed).stream().noneMatch(tokens.vocabulary()::isEnding)) {
      throw new Defect("the end is refused");
    }
  }

  private static boolean startsAt(byte[] document, int at, byte[] token) {
    return at + token.length <= document.length
        && java.util.Arrays.equals(document, at, at + token.length, token, 0, token.length);
  }
}

package io.galerne.engine.grammar.automaton;

import io.galerne.engine.grammar.bounds.Budget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Spells an automaton over characters in bytes: UTF-8 (RFC 3629) and, in JSON strings, the escapes
 * of RFC 8259. A JSON string spells a character in one way, but for those beyond ASCII, which may
 * also be escaped by their numbers. Every set of strings is spelled in the same ways, so that what
 * holds of sets of texts holds of their spellings.
 */
final class StringSpelling {
  /** Entries of a row: a node, {@link Dfa#DEAD}, or a class as {@code LEAF - class}. */
  private static final int LEAF = -2;

  private static final int ROOT = 0;
  private static final String SHORT = "\"\\\b\f\n\r\t";
  private static final String SHORT_LETTERS = "\"\\bfnrt";
  private static final String HEX = "0123456789abcdef";

  private final CharDfa characters;
  private final Escapes escapes;
  private final Budget budget;
  private final List<int[]> nodes = new ArrayList<>();
  private final Map<List<Integer>, Integer> uniform = new HashMap<>();

  StringSpelling(CharDfa characters, Escapes escapes, Budget budget) {
    this.characters = characters;
    this.escapes = escapes;
    this.budget = budget;
  }

  /** With quotes and escapes. */
  Dfa quoted() {
    node();
    utf8(true);
    nodes.get(ROOT)['\\'] = escape();
    return explore(true);
  }

  /** As it is. */
  Dfa plain() {
    node();
    utf8(false);
    return explore(false);
  }

  private static final long OPENING = -1;
  private static final long CLOSED = -2;

  /** By node: the classes that it leads to. */
  private final List<BitSet> leaves = new ArrayList<>();

  /** By state of the automaton over characters: the classes that it goes on with. */
  private final List<BitSet> liveClasses = new ArrayList<>();

  private void collectClasses() {
    for (int i = 0; i < nodes.size(); i++) {
      leaves.add(new BitSet());
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = nodes.size() - 1; i >= 0; i--) {
        budget.spend(16);
        BitSet reached = leaves.get(i);
        int before = reached.cardinality();
        for (int target : nodes.get(i)) {
          if (target <= LEAF) {
            reached.set(LEAF - target);
          } else if (target != Dfa.DEAD && target != ROOT) {
            reached.or(leaves.get(target));
          }
        }
        changed |= reached.cardinality() != before;
      }
    }
    for (int s = 0; s < characters.labels().length; s++) {
      BitSet live = new BitSet();
      for (int c = 0; c < characters.classCount(); c++) {
        live.set(c, characters.step(s, c) != Dfa.DEAD);
      }
      liveClasses.add(live);
    }
  }

  private Dfa explore(boolean quoted) {
    collectClasses();
    return DfaBuilder.explore(
        alphabet(quoted),
        quoted ? OPENING : 0L,
        (Long state, int value) -> next(state, value, quoted),
        state -> {
          if (quoted) {
            return state <= CLOSED ? (int) (CLOSED - state) : Dfa.REJECT;
          }
          return (int) (long) state == ROOT ? characters.labels()[(int) (state >> 32)] : Dfa.REJECT;
        },
        budget);
  }

  private @Nullable Long next(long state, int value, boolean quoted) {
    if (state <= CLOSED) {
      return null;
    }
    if (state == OPENING) {
      return value == '"' ? (Long) 0L : null;
    }
    int character = (int) (state >> 32);
    int node = (int) state;
    if (quoted && node == ROOT && value == '"') {
      int label = characters.labels()[character];
      return label == Dfa.REJECT ? null : (Long) (CLOSED - label);
    }
    int target = nodes.get(node)[value];
    if (target == Dfa.DEAD) {
      return null;
    }
    if (target > LEAF) {
      boolean live = leaves.get(target).intersects(liveClasses.get(character));
      return live ? (Long) (((long) character << 32) | target) : null;
    }
    int after = characters.step(character, LEAF - target);
    return after == Dfa.DEAD ? null : (Long) (((long) after << 32) | ROOT);
  }

  private byte[] alphabet(boolean quoted) {
    budget.spend(16L * nodes.size());
    return DfaBuilder.alphabet(
        nodes.size() + 1,
        (row, value) ->
            row < nodes.size() ? nodes.get(row)[value] : quoted && value == '"' ? 1 : 0);
  }

  private int node() {
    budget.spend(64);
    int[] row = new int[256];
    Arrays.fill(row, Dfa.DEAD);
    nodes.add(row);
    return nodes.size() - 1;
  }

  private int leaf(int codePoint) {
    return LEAF - classOf(codePoint);
  }

  private int classOf(int codePoint) {
    return characters.classes()[interval(codePoint)];
  }

  private int interval(int codePoint) {
    int found = Arrays.binarySearch(characters.starts(), codePoint);
    return found >= 0 ? found : -found - 2;
  }

  /** The class of all code points of a range, or -1 where there are several. */
  private int uniformClass(int first, int last) {
    int from = interval(first);
    int to = interval(last);
    int charClass = characters.classes()[from];
    for (int i = from + 1; i <= to; i++) {
      if (characters.classes()[i] != charClass) {
        return -1;
      }
    }
    return charClass;
  }

  private void utf8(boolean quoted) {
    int[] root = nodes.get(ROOT);
    for (int c = quoted ? 0x20 : 0; c < 0x80; c++) {
      if (!quoted || (c != '"' && c != '\\')) {
        root[c] = leaf(c);
      }
    }
    for (int lead = 0xC2; lead <= 0xDF; lead++) {
      root[lead] = continuation(1, (lead & 0x1F) << 6, 0x80, 0xBF);
    }
    for (int lead = 0xE0; lead <= 0xEF; lead++) {
      root[lead] =
          continuation(
              2, (lead & 0x0F) << 12, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
    }
    // Planes 4 to 11 hold no characters, and vocabularies lack the bytes they would begin with.
    for (int lead : new int[] {0xF0, 0xF3, 0xF4}) {
      root[lead] =
          continuation(
              3, (lead & 0x07) << 18, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
    }
  }

  /**
   * What {@code left} continuation bytes lead to.
   *
   * @param base the code point's bits so far
   * @param from the least next byte
   */
  private int continuation(int left, int base, int from, int to) {
    int shift = 6 * (left - 1);
    int first = base + ((from & 0x3F) << shift);
    int last = base + ((to & 0x3F) << shift) + (1 << shift) - 1;
    int charClass = uniformClass(first, last);
    List<Integer> key = List.of(left, charClass, from, to);
    Integer known = charClass < 0 ? null : uniform.get(key);
    if (known != null) {
      return known;
    }
    int node = node();
    for (int value = from; value <= to; value++) {
      int bits = base + ((value & 0x3F) << shift);
      nodes.get(node)[value] = left == 1 ? leaf(bits) : continuation(left - 1, bits, 0x80, 0xBF);
    }
    if (charClass >= 0) {
      uniform.put(key, node);
    }
    return node;
  }

  private int escape() {
    int node = node();
    for (int i = 0; i < SHORT.length(); i++) {
      nodes.get(node)[SHORT_LETTERS.charAt(i)] = leaf(SHORT.charAt(i));
    }
    if (escapes == Escapes.EVERY) {
      nodes.get(node)['/'] = leaf('/');
    }
    nodes.get(node)['u'] = hexadecimal(4, 0);
    return node;
  }

  /** What {@code left} hexadecimal digits lead to, after those of {@code base}. */
  private int hexadecimal(int left, int base) {
    int span = 1 << (4 * left);
    int last = base + span - 1;
    boolean plain = mayEscape(base) && (last < 0xD800 || base > 0xDFFF);
    int charClass = plain ? uniformClass(base, last) : -1;
    List<Integer> key = List.of(-left, charClass);
    Integer known = charClass < 0 ? null : uniform.get(key);
    if (known != null) {
      return known;
    }
    int node = node();
    boolean any = false;
    for (int digit = 0; digit < 16; digit++) {
      int bits = base + digit * (span >> 4);
      int target = left > 1 ? hexadecimalIfAny(left - 1, bits) : unit(bits);
      char letter = HEX.charAt(digit);
      nodes.get(node)[letter] = target;
      nodes.get(node)[Character.toUpperCase(letter)] = target;
      any |= target != Dfa.DEAD;
    }
    if (charClass >= 0) {
      uniform.put(key, node);
    }
    return any ? node : Dfa.DEAD;
  }

  private int hexadecimalIfAny(int left, int base) {
    int last = base + (1 << (4 * left)) - 1;
    boolean any = base < 0x20 || (mayEscape(last) && !(base >= 0xDC00 && last <= 0xDFFF));
    return any ? hexadecimal(left, base) : Dfa.DEAD;
  }

  private int unit(int unit) {
    if (unit < 0x20 && SHORT.indexOf(unit) < 0) {
      return leaf(unit);
    }
    if (!mayEscape(unit) || Character.isLowSurrogate((char) unit)) {
      return Dfa.DEAD;
    }
    return Character.isHighSurrogate((char) unit) ? lowSurrogate(unit) : leaf(unit);
  }

  /** Whether all characters from this one on may be escaped by their numbers. */
  private boolean mayEscape(int unit) {
    return switch (escapes) {
      case NEEDED -> false;
      case BEYOND_ASCII -> unit >= 0x80;
      case EVERY -> true;
    };
  }

  private int lowSurrogate(int high) {
    int base = Character.toCodePoint((char) high, '\uDC00');
    int charClass = uniformClass(base, base + 0x3FF);
    List<Integer> key = List.of(-5, charClass);
    Integer known = charClass < 0 ? null : uniform.get(key);
    if (known != null) {
      return known;
    }
    int backslash = node();
    int letter = node();
    int first = node();
    int second = node();
    nodes.get(backslash)['\\'] = letter;
    nodes.get(letter)['u'] = first;
    nodes.get(first)['d'] = second;
    nodes.get(first)['D'] = second;
    for (int digit = 0xC; digit <= 0xF; digit++) {
      int target = low(2, base + (digit - 0xC) * 0x100);
      nodes.get(second)[HEX.charAt(digit)] = target;
      nodes.get(second)[Character.toUpperCase(HEX.charAt(digit))] = target;
    }
    if (charClass >= 0) {
      uniform.put(key, backslash);
    }
    return backslash;
  }

  private int low(int left, int base) {
    if (left == 0) {
      return leaf(base);
    }
    int span = 1 << (4 * left);
    int charClass = uniformClass(base, base + span - 1);
    List<Integer> key = List.of(-left, charClass);
    Integer known = charClass < 0 ? null : uniform.get(key);
    if (known != null) {
      return known;
    }
    int node = node();
    for (int digit = 0; digit < 16; digit++) {
      int target = low(left - 1, base + digit * (span >> 4));
      nodes.get(node)[HEX.charAt(digit)] = target;
      nodes.get(node)[Character.toUpperCase(HEX.charAt(digit))] = target;
    }
    if (charClass >= 0) {
      uniform.put(key, node);
    }
    return node;
  }
}

package io.galerne.engine.grammar;

import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.automaton.Escapes;
import io.galerne.engine.grammar.automaton.Strings;
import io.galerne.engine.grammar.automaton.Terminal;
import java.util.Arrays;

/**
 * Tokens within strings of which only the length matters, by their characters: worked out once for
 * a vocabulary, because most schemas have such strings and most tokens may be in them.
 */
final class FreeText {
  /** {@code [characters][mask]}: the tokens that stay in a string with so much room. */
  private final long[][] inside;

  /** The nodes after a string's last quote, and the characters before it. */
  private int[] exits = new int[256];

  private int[] exitCharacters = new int[256];
  private int exitCount;

  FreeText(TokenTrie trie, int maskLength) {
    inside = new long[trie.longest() + 1][maskLength];
    Dfa strings = Strings.any(Escapes.EVERY);
    int content = strings.step(0, '"');
    int[] states = new int[trie.longest() + 1];
    int[] characters = new int[trie.longest() + 1];
    states[0] = content;
    int node = 1;
    while (node < trie.nodes()) {
      int depth = trie.depth(node);
      int next = strings.step(states[depth - 1], trie.label(node));
      if (next == Dfa.DEAD) {
        node = trie.end(node);
        continue;
      }
      states[depth] = next;
      characters[depth] = characters[depth - 1] + (next == content ? 1 : 0);
      if (strings.accepts(next)) {
        exit(node, characters[depth]);
      } else {
        trie.add(node, inside[characters[depth] + (next == content ? 0 : 1)]);
      }
      node++;
    }
    for (int i = 1; i < inside.length; i++) {
      for (int j = 0; j < maskLength; j++) {
        inside[i][j] |= inside[i - 1][j];
      }
    }
  }

  private void exit(int node, int characters) {
    if (exitCount == exits.length) {
      exits = Arrays.copyOf(exits, 2 * exitCount);
      exitCharacters = Arrays.copyOf(exitCharacters, 2 * exitCount);
    }
    exits[exitCount] = node;
    exitCharacters[exitCount++] = characters;
  }

  /** The tokens that stay within a string that has room for some more characters. */
  long[] inside(int room) {
    return inside[Math.min(room, inside.length - 1)];
  }

  /** The nodes where a string may end that needs, and has room for, some more characters. */
  int[] exits(Terminal.Text text, int state) {
    int needed = text.needed(state);
    int room = text.room(state);
    int[] fitting = new int[exitCount];
    int count = 0;
    for (int i = 0; i < exitCount; i++) {
      if (exitCharacters[i] >= needed && exitCharacters[i] <= room) {
        fitting[count++] = exits[i];
      }
    }
    return Arrays.copyOf(fitting, count);
  }
}

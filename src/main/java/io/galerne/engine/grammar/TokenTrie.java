package io.galerne.engine.grammar;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All tokens of a vocabulary by their bytes. Nodes are numbered so that those below one follow it:
 * the root is 0, and {@code end(node)} is the first one that isn't below.
 */
final class TokenTrie {
  private final byte[] label;
  private final short[] depth;
  private final int[] end;
  private final int[] parent;

  /** {@code [nodes + 1]}: where each node's tokens begin in {@code tokens}. */
  private final int[] from;

  private final int[] tokens;
  private final int longest;

  private TokenTrie(
      byte[] label, short[] depth, int[] end, int[] parent, int[] from, int[] tokens, int longest) {
    this.label = label;
    this.depth = depth;
    this.end = end;
    this.parent = parent;
    this.from = from;
    this.tokens = tokens;
    this.longest = longest;
  }

  /** The trie of all tokens that have bytes. */
  static TokenTrie of(List<byte[]> bytes) {
    int[] order =
        IntStream.range(0, bytes.size())
            .filter(token -> bytes.get(token).length > 0)
            .boxed()
            .sorted(Comparator.comparing(bytes::get, Arrays::compareUnsigned))
            .mapToInt(Integer::intValue)
            .toArray();
    int capacity = 1;
    int longest = 0;
    for (int token : order) {
      capacity += bytes.get(token).length;
      longest = Math.max(longest, bytes.get(token).length);
    }
    byte[] label = new byte[capacity];
    short[] depth = new short[capacity];
    int[] parent = new int[capacity];
    int[] from = new int[capacity + 1];
    int[] path = new int[longest + 1];
    int nodes = 1;
    byte[] before = new byte[0];
    for (int i = 0; i < order.length; i++) {
      byte[] word = bytes.get(order[i]);
      int common = Arrays.mismatch(before, word);
      if (common >= 0) {
        for (int at = common; at < word.length; at++) {
          label[nodes] = word[at];
          depth[nodes] = (short) (at + 1);
          parent[nodes] = path[at];
          from[nodes] = i;
          path[at + 1] = nodes++;
        }
      }
      before = word;
    }
    from[nodes] = order.length;
    int[] end = new int[nodes];
    Arrays.fill(end, nodes);
    for (int node = nodes - 1; node > 0; node--) {
      // What follows a node at its depth or above is no longer below it.
      int next = node + 1;
      while (next < nodes && depth[next] > depth[node]) {
        next = end[next];
      }
      end[node] = next;
    }
    return new TokenTrie(
        Arrays.copyOf(label, nodes),
        Arrays.copyOf(depth, nodes),
        end,
        Arrays.copyOf(parent, nodes),
        Arrays.copyOf(from, nodes + 1),
        order,
        longest);
  }

  int nodes() {
    return label.length;
  }

  int label(int node) {
    return label[node] & 0xFF;
  }

  int depth(int node) {
    return depth[node];
  }

  int end(int node) {
    return end[node];
  }

  int parent(int node) {
    return parent[node];
  }

  /** Bytes of the longest token. */
  int longest() {
    return longest;
  }

  /** Sets the bits of the tokens that end at a node. */
  void add(int node, long[] bits) {
    for (int i = from[node]; i < from[node + 1]; i++) {
      bits[tokens[i] >> 6] |= 1L << tokens[i];
    }
  }

  /** The node below the root for a byte, or 0. */
  int first(int value) {
    for (int node = 1; node < nodes(); node = end[node]) {
      if (label(node) == value) {
        return node;
      }
    }
    return 0;
  }

  boolean hasToken(int node) {
    return from[node] < from[node + 1];
  }
}

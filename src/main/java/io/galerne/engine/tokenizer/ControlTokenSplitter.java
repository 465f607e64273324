package io.galerne.engine.tokenizer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts text at control tokens: the leftmost match first, and at one place the longest. Safe for
 * many threads.
 */
public final class ControlTokenSplitter {
  private final Node root = new Node();

  private static final class Node {
    private final Map<Character, Node> children = new HashMap<>();
    private boolean end;
  }

  /** A part of the text: a control token, or what lies between two of them. */
  public record Part(String text, boolean isControl) {}

  public ControlTokenSplitter(Collection<String> controlTokens) {
    for (String token : controlTokens) {
      Node node = root;
      for (int i = 0; i < token.length(); i++) {
        node = node.children.computeIfAbsent(token.charAt(i), _ -> new Node());
      }
      node.end = true;
    }
    root.end = false;
  }

  /** The parts in order, none of them empty; together they are the text. */
  public List<Part> split(String text) {
    return split(text, new BitSet(0));
  }

  /** The same, but a control token holds none of the characters at the places that are set. */
  public List<Part> split(String text, BitSet ordinary) {
    List<Part> parts = new ArrayList<>();
    int plainStart = 0;
    int at = 0;
    while (at < text.length()) {
      int length = matchAt(text, at, ordinary);
      if (length == 0) {
        at++;
        continue;
      }
      if (plainStart < at) {
        parts.add(new Part(text.substring(plainStart, at), false));
      }
      parts.add(new Part(text.substring(at, at + length), true));
      at += length;
      plainStart = at;
    }
    if (plainStart < text.length()) {
      parts.add(new Part(text.substring(plainStart), false));
    }
    return parts;
  }

  private int matchAt(String text, int start, BitSet ordinary) {
    int longest = 0;
    Node node = root;
    for (int i = start; i < text.length() && !ordinary.get(i); i++) {
      node = node.children.get(text.charAt(i));
      if (node == null) {
        break;
      }
      if (node.end) {
        longest = i + 1 - start;
      }
    }
    return longest;
  }
}

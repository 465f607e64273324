package io.galerne.moderation.scan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Phrases as a tree of letters. A gap between words is one step, whatever stands in it. */
public final class PhraseSet {
  static final int GAP = ' ';

  /** From this many letters on, a word is recognised with one gap anywhere in it. */
  private static final int LONG_WORD = 5;

  private final List<Node> nodes = new ArrayList<>();
  private final boolean wholeWords;

  /** A place in the tree. Keys are sorted. */
  static final class Node {
    private int[] keys = {};
    private int[] children = {};
    private boolean complete;
    private boolean allLong;

    /** The child by a letter, or -1. */
    int child(int letter) {
      int at = Arrays.binarySearch(keys, letter);
      return at < 0 ? -1 : children[at];
    }

    /** Whether a phrase ends here. */
    boolean complete() {
      return complete;
    }

    /** Whether that phrase has only long words. */
    boolean allLong() {
      return allLong;
    }

    private void put(int letter, int child) {
      int at = -Arrays.binarySearch(keys, letter) - 1;
      keys = inserted(keys, at, letter);
      children = inserted(children, at, child);
    }

    private static int[] inserted(int[] values, int at, int value) {
      int[] more = Arrays.copyOf(values, values.length + 1);
      System.arraycopy(values, at, more, at + 1, values.length - at);
      more[at] = value;
      return more;
    }
  }

  private PhraseSet(boolean wholeWords) {
    this.wholeWords = wholeWords;
    nodes.add(new Node());
  }

  /**
   * @param wholeWords whether a match has to begin and end where a word does
   * @throws PatternException if a phrase has neither letter nor digit
   */
  public static PhraseSet of(Collection<String> phrases, boolean wholeWords) {
    PhraseSet set = new PhraseSet(wholeWords);
    phrases.forEach(set::add);
    return set;
  }

  /** The same phrases, read backwards. */
  static PhraseSet reversed(Collection<String> phrases, boolean wholeWords) {
    return of(
        phrases.stream().map(phrase -> new StringBuilder(phrase).reverse().toString()).toList(),
        wholeWords);
  }

  private void add(String phrase) {
    List<String> words = words(phrase);
    if (words.isEmpty()) {
      throw new PatternException("a phrase needs a letter or a digit");
    }
    int node = 0;
    for (int letter : String.join(" ", words).codePoints().toArray()) {
      int child = nodes.get(node).child(letter);
      if (child < 0) {
        child = nodes.size();
        nodes.add(new Node());
        nodes.get(node).put(letter, child);
      }
      node = child;
    }
    Node last = nodes.get(node);
    last.complete = true;
    last.allLong =
        words.stream().allMatch(word -> word.codePointCount(0, word.length()) >= LONG_WORD);
  }

  /** The words in plain letters. */
  private static List<String> words(String phrase) {
    StringBuilder plain = new StringBuilder();
    phrase
        .codePoints()
        .forEach(
            c -> {
              Folding folding = Folding.of(c);
              if (!folding.separator()) {
                plain.append(Folding.plain(c));
              } else if (c != '\'' && c != '’') {
                plain.append(' ');
              }
            });
    return Arrays.stream(plain.toString().strip().split(" +"))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  Node node(int index) {
    return nodes.get(index);
  }

  boolean wholeWords() {
    return wholeWords;
  }

  /** Places in the tree: what the phrases cost in memory. */
  public int size() {
    return nodes.size();
  }
}

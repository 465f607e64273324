package io.galerne.moderation.scan;

import static io.galerne.moderation.scan.PhraseThreads.LOOSE;
import static io.galerne.moderation.scan.PhraseThreads.OPEN;
import static io.galerne.moderation.scan.PhraseThreads.SPACED;
import static io.galerne.moderation.scan.PhraseThreads.TIGHT;

/**
 * Finds the phrases of a {@link PhraseSet} however they are dressed up. It walks the tree of
 * phrases with all readings of a character at once, which the automaton of Aho and Corasick, made
 * for one reading of each character, can't do.
 *
 * <p>Letters may be spaced out (all of a word's, by any separators; or by one dash, dot or the like
 * between any two), stretched (three times or more), and words may be apart by any few separators.
 */
public final class PhraseScanner implements Scanner {
  private static final int GAP_MAX = 6;
  private static final int NONE = -1;

  private final PhraseSet phrases;
  private PhraseThreads threads = new PhraseThreads();
  private PhraseThreads next = new PhraseThreads();

  /** The last character that can be seen. */
  private int before = NONE;

  public PhraseScanner(PhraseSet phrases) {
    this.phrases = phrases;
  }

  @Override
  public void next(int c, int start, int end, Hits hits) {
    Folding folding = Folding.of(c);
    if (folding.invisible()) {
      return;
    }
    complete(c, hits);
    next.clear();
    for (String reading : folding.readings()) {
      read(reading, start, end);
    }
    if (folding.separator()) {
      separate();
    }
    swap();
    before = c;
  }

  private void read(String reading, int start, int end) {
    boolean mayBegin = !phrases.wholeWords() || !isWord(before);
    for (int i = 0; i < threads.size(); i++) {
      advance(i, reading, end);
    }
    if (mayBegin) {
      int node = phrases.node(0).child(reading.codePointAt(0));
      spell(node, reading, OPEN, start, end);
    }
  }

  private void advance(int i, String reading, int end) {
    int c = reading.codePointAt(0);
    int node = threads.node(i);
    int mode = threads.mode(i);
    int start = threads.start(i);
    if (threads.gap(i) == 0) {
      if (c == threads.letter(i) && reading.length() == 1) {
        next.add(node, mode, Math.min(2, threads.repeat(i) + 1), 0, c, start, end);
      }
      if (threads.repeat(i) != 1 && mode != SPACED) {
        spell(phrases.node(node).child(c), reading, mode == OPEN ? TIGHT : mode, start, end);
      }
      return;
    }
    if (threads.repeat(i) == 1) {
      return;
    }
    int word = phrases.node(node).child(PhraseSet.GAP);
    if (word >= 0) {
      int kept = mode == LOOSE ? LOOSE : OPEN;
      spell(phrases.node(word).child(c), reading, kept, start, end);
    }
    int inside = mode == OPEN || mode == SPACED ? SPACED : LOOSE;
    spell(phrases.node(node).child(c), reading, inside, start, end);
    if (inside == SPACED) {
      // "k illing": the gap may be the only one
      spell(phrases.node(node).child(c), reading, LOOSE, start, end);
    }
  }

  /** Goes on with the rest of a reading, which may have more than one letter. */
  private void spell(int firstChild, String reading, int mode, int start, int end) {
    int node = firstChild;
    int letter = reading.codePointAt(0);
    for (int at = Character.charCount(letter); node >= 0 && at < reading.length(); ) {
      letter = reading.codePointAt(at);
      node = phrases.node(node).child(letter);
      at += Character.charCount(letter);
    }
    if (node >= 0) {
      next.add(node, mode, 0, 0, letter, start, end);
    }
  }

  private void separate() {
    for (int i = 0; i < threads.size(); i++) {
      if (threads.gap(i) < GAP_MAX && threads.repeat(i) != 1) {
        next.add(
            threads.node(i),
            threads.mode(i),
            threads.repeat(i),
            threads.gap(i) + 1,
            threads.letter(i),
            threads.start(i),
            threads.end(i));
      }
    }
  }

  /** Reports the phrases that were complete before this character, if a word ends there. */
  private void complete(int c, Hits hits) {
    if (phrases.wholeWords() && isWord(before) && isWord(c)) {
      return;
    }
    for (int i = 0; i < threads.size(); i++) {
      PhraseSet.Node node = phrases.node(threads.node(i));
      if (node.complete()
          && threads.gap(i) == 0
          && threads.repeat(i) != 1
          && (threads.mode(i) != LOOSE || node.allLong())) {
        hits.add(threads.start(i), threads.end(i), 1);
      }
    }
  }

  private void swap() {
    PhraseThreads spent = threads;
    threads = next;
    next = spent;
  }

  /** Scripts without gaps between words have no borders to respect. */
  private static boolean isWord(int c) {
    if (c < 128) {
      return c != NONE && Character.isLetterOrDigit(c);
    }
    if (!Character.isLetterOrDigit(c) || Character.isIdeographic(c)) {
      return false;
    }
    return switch (Character.UnicodeScript.of(c)) {
      case HIRAGANA, KATAKANA, HANGUL, THAI, LAO, KHMER, MYANMAR -> false;
      default -> true;
    };
  }

  @Override
  public void end(Hits hits) {
    complete(NONE, hits);
    threads.clear();
    before = NONE;
  }

  @Override
  public int pendingFrom() {
    return threads.firstStart();
  }
}

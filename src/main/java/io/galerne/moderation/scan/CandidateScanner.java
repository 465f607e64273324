package io.galerne.moderation.scan;

import java.util.Arrays;

/**
 * Finds what a regular expression and then a closer look agree on, like a number whose check digits
 * are right.
 */
public final class CandidateScanner implements Scanner {
  private final RegexScanner regex;
  private final Check check;

  /** The characters that the regular expression may still speak of, and their places. */
  private final StringBuilder text = new StringBuilder();

  private int[] starts = new int[64];
  private int[] ends = new int[64];

  /** How many characters came before those. */
  private int dropped;

  private int lastStart = -1;
  private int lastEnd = -1;

  /** The closer look. */
  @FunctionalInterface
  public interface Check {
    /**
     * @param candidate what the regular expression matched; the character after it is none of it
     */
    void check(String candidate, Hits parts);
  }

  public CandidateScanner(RegexProgram program, int lengthMax, Check check) {
    regex = new RegexScanner(program, lengthMax);
    this.check = check;
  }

  @Override
  public void next(int codePoint, int start, int end, Hits hits) {
    int at = dropped + text.length();
    int width = Character.charCount(codePoint);
    regex.next(codePoint, at, at + width, (from, to, _) -> look(from, to, hits));
    trim();
    text.appendCodePoint(codePoint);
    if (text.length() > starts.length) {
      starts = Arrays.copyOf(starts, 2 * text.length());
      ends = Arrays.copyOf(ends, 2 * text.length());
    }
    for (int i = text.length() - width; i < text.length(); i++) {
      starts[i] = start;
      ends[i] = end;
    }
  }

  private void look(int from, int to, Hits hits) {
    if (to > dropped + text.length()) {
      throw new IllegalStateException("a candidate has to end before the character at hand");
    }
    String candidate = text.substring(from - dropped, to - dropped);
    check.check(
        candidate,
        (start, end, score) -> {
          int first = starts[from - dropped + start];
          int last = ends[from - dropped + end - 1];
          if (first != lastStart || last != lastEnd) {
            lastStart = first;
            lastEnd = last;
            hits.add(first, last, score);
          }
        });
  }

  private void trim() {
    int keep = Math.min(regex.pendingFrom(), dropped + text.length()) - dropped;
    if (keep > 0) {
      System.arraycopy(starts, keep, starts, 0, text.length() - keep);
      System.arraycopy(ends, keep, ends, 0, text.length() - keep);
      text.delete(0, keep);
      dropped += keep;
    }
  }

  @Override
  public void end(Hits hits) {
    regex.end((from, to, _) -> look(from, to, hits));
    dropped += text.length();
    text.setLength(0);
    lastStart = -1;
    lastEnd = -1;
  }

  @Override
  public int pendingFrom() {
    int from = regex.pendingFrom();
    return from == NOTHING ? NOTHING : starts[from - dropped];
  }
}

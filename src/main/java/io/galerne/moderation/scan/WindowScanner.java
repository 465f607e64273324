package io.galerne.moderation.scan;

import java.util.OptionalDouble;

/**
 * Lets something that reads whole sentences judge a text sentence by sentence. Where a sentence
 * ends is decided by its characters alone; what is not judged yet is held back.
 */
public final class WindowScanner implements Scanner {
  private final Judge judge;
  private final int lengthMax;
  private final StringBuilder window = new StringBuilder();
  private final StringBuilder context = new StringBuilder();
  private int from = NOTHING;
  private int to;
  private int before = -1;

  /** Reads a passage. */
  @FunctionalInterface
  public interface Judge {
    /**
     * @param passage one or more sentences, or a part of one that is too long
     * @param context the text before it, as far as it is remembered
     * @return from 0 to 1, or nothing where the passage says too little
     * @throws DetectorUnavailable if it can't tell
     */
    OptionalDouble score(String passage, String context);
  }

  /**
   * @param lengthMax longest passage, in chars
   */
  public WindowScanner(Judge judge, int lengthMax) {
    this.judge = judge;
    this.lengthMax = lengthMax;
  }

  @Override
  public void next(int codePoint, int start, int end, Hits hits) {
    boolean sentenceEnds =
        codePoint == '\n' || (Character.isWhitespace(codePoint) && isTerminal(before));
    if (from != NOTHING && (sentenceEnds || window.length() >= lengthMax)) {
      judge(hits);
    }
    before = codePoint;
    if (from == NOTHING && Character.isWhitespace(codePoint)) {
      return;
    }
    if (from == NOTHING) {
      from = start;
    }
    window.appendCodePoint(codePoint);
    to = end;
  }

  private static boolean isTerminal(int c) {
    return c == '.' || c == '!' || c == '?' || c == '…' || c == '。' || c == '！' || c == '？';
  }

  private void judge(Hits hits) {
    String passage = window.toString();
    try {
      OptionalDouble score = judge.score(passage, context.toString());
      if (score.isPresent()) {
        hits.add(from, to, score.getAsDouble());
      }
    } catch (DetectorUnavailable e) {
      hits.unavailable(from, to, String.valueOf(e.getMessage()));
    }
    context.append(passage).append(' ');
    context.delete(0, Math.max(0, context.length() - lengthMax));
    window.setLength(0);
    from = NOTHING;
  }

  @Override
  public void end(Hits hits) {
    if (from != NOTHING) {
      judge(hits);
    }
    context.setLength(0);
    before = -1;
  }

  @Override
  public int pendingFrom() {
    return from;
  }
}

package io.galerne.moderation.scan;

/**
 * Looks for matches in one text, character by character, so that what is found can't depend on the
 * pieces in which the text arrives. For one thread.
 */
public interface Scanner {
  /** No match is in progress. */
  int NOTHING = Integer.MAX_VALUE;

  /**
   * Takes the next character.
   *
   * @param start of the character in the text, in chars
   * @param end of the character, exclusive
   */
  void next(int codePoint, int start, int end, Hits hits);

  /** The text ends; the scanner is as new afterwards. */
  void end(Hits hits);

  /** Where the first match that is in progress may begin, or {@link #NOTHING}. */
  int pendingFrom();

  /** Where matches go. */
  @FunctionalInterface
  interface Hits {
    /**
     * @param start of the match in the text, in chars
     * @param end of the match, exclusive
     * @param score from 0 to 1
     */
    void add(int start, int end, double score);

    /** A stretch of the text could not be judged. */
    default void unavailable(int start, int end, String reason) {
      throw new IllegalStateException(reason);
    }
  }
}

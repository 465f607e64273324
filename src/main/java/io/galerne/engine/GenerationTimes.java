package io.galerne.engine;

/**
 * When an answer came how far, by the clock of {@link System#nanoTime}; 0 for what is still to
 * come.
 *
 * @param startedNanos its prompt began to be computed; until then it waited
 * @param firstTokenNanos its first token was there
 * @param finishedNanos it ended
 */
public record GenerationTimes(long startedNanos, long firstTokenNanos, long finishedNanos) {
  /** Of an answer that takes no time. */
  public static final GenerationTimes NONE = new GenerationTimes(0, 0, 0);
}

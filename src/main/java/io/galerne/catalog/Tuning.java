package io.galerne.catalog;

import io.galerne.engine.template.PromptFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * What the catalogue wants of an engine for certain weights; null is what the installation or the
 * file says.
 *
 * @param contextLimit tokens
 * @param threads compute threads
 * @param kvMemory for keys and values
 * @param sequencesMax answers in progress together
 * @param slidingWindow tokens that one attends to; 0 for all
 */
public record Tuning(
    @Nullable Integer contextLimit,
    @Nullable Integer threads,
    @Nullable DataSize kvMemory,
    @Nullable Integer sequencesMax,
    @Nullable PromptFormat promptFormat,
    @Nullable Integer slidingWindow) {
  /** No wishes. */
  public static final Tuning NONE = new Tuning(null, null, null, null, null, null);

  /** These wishes, and the other's where there is none. */
  public Tuning over(Tuning other) {
    return new Tuning(
        first(contextLimit, other.contextLimit),
        first(threads, other.threads),
        first(kvMemory, other.kvMemory),
        first(sequencesMax, other.sequencesMax),
        first(promptFormat, other.promptFormat),
        first(slidingWindow, other.slidingWindow));
  }

  private static <T> @Nullable T first(@Nullable T own, @Nullable T other) {
    return own != null ? own : other;
  }
}

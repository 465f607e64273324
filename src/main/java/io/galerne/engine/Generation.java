package io.galerne.engine;

/** A running answer. One reader; {@link #cancel} may come from any thread. */
public interface Generation {
  /**
   * Waits for what comes next. Text that has piled up since the last call arrives as one event, so
   * a slow reader holds no more than the answer itself.
   */
  GenerationEvent next() throws InterruptedException;

  /** Like {@link #next()}, or null when nothing came within the time. */
  @org.jspecify.annotations.Nullable
  GenerationEvent next(java.time.Duration timeout) throws InterruptedException;

  /** Ends the generation within one step of the engine; harmless when it has ended already. */
  void cancel();

  /** Tokens of the prompt that the cache had, as far as is known: 0 until the first text. */
  default int cachedPromptTokens() {
    return 0;
  }

  /** When it came how far. */
  default GenerationTimes times() {
    return GenerationTimes.NONE;
  }
}

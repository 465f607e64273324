package io.galerne.engine;

import io.galerne.engine.kernel.KernelChoice;
import io.galerne.engine.template.PromptFormat;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to load and within which bounds.
 *
 * @param weights a GGUF file
 * @param threads compute threads
 * @param kvMemoryBytes most memory for keys and values
 * @param contextTokensMax shortens the model's own context; 0 leaves it
 * @param sequencesMax most answers in progress together
 * @param waitingMax most requests that wait for a place
 * @param waitingPerKeyMax most of them of one fairness key
 * @param stepTokensMax most tokens computed in a step
 * @param promptTokensBeside most prompt tokens in a step that others decode in
 * @param draftTokensMax most tokens of an answer that are guessed from what was said before and
 *     computed in one step ({@link Speculation}); 0 for none
 * @param promptFormat null for the one that the file shows
 * @param slidingWindow tokens that one attends to, 0 for all; null for what the file says
 */
public record EngineSettings(
    Path weights,
    int threads,
    long kvMemoryBytes,
    int contextTokensMax,
    int sequencesMax,
    int waitingMax,
    int waitingPerKeyMax,
    int stepTokensMax,
    int promptTokensBeside,
    int draftTokensMax,
    KernelChoice kernels,
    @Nullable PromptFormat promptFormat,
    @Nullable Integer slidingWindow) {
  private static final long MIB = 1 << 20;
  private static final int DRAFT_TOKENS = 8;

  /** The defaults for a file: all processors, 1 GiB of keys and values at most. */
  public static EngineSettings of(Path weights) {
    return new EngineSettings(
        weights,
        Runtime.getRuntime().availableProcessors(),
        Math.min(1024 * MIB, Runtime.getRuntime().maxMemory() / 4),
        0,
        64,
        256,
        128,
        512,
        128,
        DRAFT_TOKENS,
        KernelChoice.AUTOMATIC,
        null,
        null);
  }

  public EngineSettings withThreads(int count) {
    return new EngineSettings(
        weights,
        count,
        kvMemoryBytes,
        contextTokensMax,
        sequencesMax,
        waitingMax,
        waitingPerKeyMax,
        stepTokensMax,
        promptTokensBeside,
        draftTokensMax,
        kernels,
        promptFormat,
        slidingWindow);
  }

  public EngineSettings withKernels(KernelChoice choice) {
    return new EngineSettings(
        weights,
        threads,
        kvMemoryBytes,
        contextTokensMax,
        sequencesMax,
        waitingMax,
        waitingPerKeyMax,
        stepTokensMax,
        promptTokensBeside,
        draftTokensMax,
        choice,
        promptFormat,
        slidingWindow);
  }

  public EngineSettings withKvMemoryBytes(long bytes) {
    return new EngineSettings(
        weights,
        threads,
        bytes,
        contextTokensMax,
        sequencesMax,
        waitingMax,
        waitingPerKeyMax,
        stepTokensMax,
        promptTokensBeside,
        draftTokensMax,
        kernels,
        promptFormat,
        slidingWindow);
  }

  /**
   * @param tokens that one attends to, 0 for all; null for what the file says
   */
  public EngineSettings withSlidingWindow(@Nullable Integer tokens) {
    return new EngineSettings(
        weights,
        threads,
        kvMemoryBytes,
        contextTokensMax,
        sequencesMax,
        waitingMax,
        waitingPerKeyMax,
        stepTokensMax,
        promptTokensBeside,
        draftTokensMax,
        kernels,
        promptFormat,
        tokens);
  }

  /** Any fairness key may take all of the queue. */
  public EngineSettings withQueue(int sequences, int waiting) {
    return withQueue(sequences, waiting, waiting);
  }

  public EngineSettings withQueue(int sequences, int waiting, int waitingPerKey) {
    return new EngineSettings(
        weights,
        threads,
        kvMemoryBytes,
        contextTokensMax,
        sequences,
        waiting,
        waitingPerKey,
        stepTokensMax,
        promptTokensBeside,
        draftTokensMax,
        kernels,
        promptFormat,
        slidingWindow);
  }

  public EngineSettings withStep(int tokens, int promptTokens) {
    return new EngineSettings(
        weights,
        threads,
        kvMemoryBytes,
        contextTokensMax,
        sequencesMax,
        waitingMax,
        waitingPerKeyMax,
        tokens,
        promptTokens,
        draftTokensMax,
        kernels,
        promptFormat,
        slidingWindow);
  }

  public EngineSettings withDraftTokensMax(int tokens) {
    return new EngineSettings(
        weights,
        threads,
        kvMemoryBytes,
        contextTokensMax,
        sequencesMax,
        waitingMax,
        waitingPerKeyMax,
        stepTokensMax,
        promptTokensBeside,
        tokens,
        kernels,
        promptFormat,
        slidingWindow);
  }
}

package io.galerne.engine;

import io.galerne.engine.scheduler.KeyStatistics;
import java.util.List;

/**
 * Counters since the start, and the state now.
 *
 * @param kernels the kernel set in force
 * @param promptTokens tokens of prompts that were computed, again where a sequence was sent back
 * @param cachedTokens tokens that were found in the cache instead
 * @param preemptions how often a sequence had to give its blocks back
 * @param kvBlocksUsed blocks that answers in progress use
 * @param kvBlocksCached blocks that nobody uses but whose content may be found again
 * @param keys by fairness key, of the keys that are remembered; at most a tenth of a second old
 */
public record EngineStatistics(
    String kernels,
    int threads,
    int running,
    int waiting,
    long promptTokens,
    long generatedTokens,
    long cachedTokens,
    long steps,
    long preemptions,
    int kvBlocksUsed,
    int kvBlocksCached,
    int kvBlocks,
    List<KeyStatistics> keys) {
  public EngineStatistics {
    keys = List.copyOf(keys);
  }
}

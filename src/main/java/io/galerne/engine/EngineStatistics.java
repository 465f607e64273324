package io.galerne.engine;

/**
 * Counters since the start, and the state now.
 *
 * @param kernels the kernel set in force
 */
public record EngineStatistics(
    String kernels,
    int threads,
    int running,
    int waiting,
    long promptTokens,
    long generatedTokens,
    long steps,
    int kvBlocksUsed,
    int kvBlocks) {}

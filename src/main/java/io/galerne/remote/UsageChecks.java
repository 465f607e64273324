package io.galerne.remote;

/**
 * How often a backend's count of tokens was believed, was not, and there was none.
 *
 * @param agreed it was charged
 * @param disputed it was far more than ours, which was charged
 * @param untold ours was charged
 */
public record UsageChecks(long agreed, long disputed, long untold) {}

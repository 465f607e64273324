package io.galerne.deployments;

import org.jspecify.annotations.Nullable;

/**
 * What a deployment has, or would have if it were up.
 *
 * @param threads compute threads; 0 for machines elsewhere
 * @param weightsBytes of memory for the weights; 0 for machines elsewhere
 * @param kvBytes of memory for keys and values; 0 for machines elsewhere
 * @param sequencesMax answers in progress together, on all machines
 * @param contextTokens the longest prompt and answer together; null until it was loaded once
 * @param digest lower-case hex SHA-256 of the weights; null where they are elsewhere or missing
 * @param licence of the weights; null where they are elsewhere or missing
 * @param source where the weights are from; null where they are elsewhere or missing
 * @param now what it does on this replica, null where it isn't up here
 */
public record DeploymentCapacity(
    int threads,
    long weightsBytes,
    long kvBytes,
    int sequencesMax,
    @Nullable Integer contextTokens,
    @Nullable String digest,
    @Nullable String licence,
    @Nullable String source,
    @Nullable Load now) {

  /**
   * Work at this moment.
   *
   * @param kvBlocks 0 for machines elsewhere
   */
  public record Load(int running, int waiting, int kvBlocksUsed, int kvBlocks) {}
}

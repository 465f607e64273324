package io.galerne.engine.kernel;

/** The two passes of attention that read the cache. */
sealed interface AttentionPasses permits AttentionKernel, MachineAttention {
  /** {@code scores[token][head][p] = query[token][head] . key[p]} of all blocks. */
  void scores(AttentionUnit unit, HalfBlocks keys);

  /**
   * {@code result[token][head][d] += sum over p of scores[token][head][p] * value[p][d]}, over the
   * positions that a token attends to.
   */
  void weightedSums(AttentionUnit unit, HalfBlocks values);
}

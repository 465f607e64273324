package io.galerne.engine.scheduler;

import org.jspecify.annotations.Nullable;

/** Names full blocks by what they and all blocks before them hold. */
interface BlockHasher {
  /**
   * @param parent the key of the block before, null for the first
   * @param from position of the block's first token
   * @param count tokens in a block
   */
  BlockKey hash(
      CacheNamespace namespace, @Nullable BlockKey parent, Sequence sequence, int from, int count);
}

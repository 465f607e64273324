package io.galerne.engine.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of a sequence's full blocks, computed once each, as far as they were asked for. */
final class PrefixChain {
  private final CacheScope scope;
  private final List<BlockKey> keys = new ArrayList<>();

  PrefixChain(CacheScope scope) {
    this.scope = scope;
  }

  /** The namespace of a block, or null if the block is not to be shared. */
  @Nullable CacheNamespace namespace(int block, int blockTokens) {
    return scope.namespace((block + 1) * blockTokens);
  }

  /** Whose request this is for the account of the cache; null if it shares nothing. */
  @Nullable CacheNamespace owner() {
    return scope.namespace();
  }

  /**
   * The key of a full block; null if it, or one before it, is not to be shared.
   *
   * @param block the block's number in the sequence; all its tokens are known
   */
  @Nullable BlockKey key(BlockHasher hasher, Sequence sequence, int block, int blockTokens) {
    while (keys.size() <= block) {
      int next = keys.size();
      CacheNamespace namespace = namespace(next, blockTokens);
      if (namespace == null) {
        return null;
      }
      BlockKey parent = next == 0 ? null : keys.get(next - 1);
      keys.add(hasher.hash(namespace, parent, sequence, next * blockTokens, blockTokens));
    }
    return keys.get(block);
  }
}

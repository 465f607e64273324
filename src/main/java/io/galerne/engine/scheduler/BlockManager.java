package io.galerne.engine.scheduler;

/**
 * The account of the KV cache (paged attention: Kwon et al., 2023). A block is free, or used by the
 * sequences that count as its references, or idle: unused, but its content may be found again.
 * Several sequences use a block only if it is full and their tokens up to its end are the same; it
 * is never written again, so sharing needs no copies.
 *
 * <p>With a sliding window (Jiang et al., Mistral 7B, 2023) a sequence gives back the blocks that
 * lie before the window of all its coming queries, so it holds no more than the window and a chunk.
 */
public class BlockManager {
  private static final int RETURNED = Sequence.RETURNED;

  private final int blockTokens;
  private final int window;
  private final BlockHasher hasher;
  private final PrefixCache prefixes;
  private final int[] references;
  private final int[] free;
  private int freeCount;
  private int usedCount;

  /**
   * @param blocks blocks in the cache
   * @param blockTokens positions in a block
   * @param window positions that a query attends to, its own included; 0 for all
   */
  public BlockManager(int blocks, int blockTokens, int window) {
    this(blocks, blockTokens, window, new HmacBlockHasher(blockTokens));
  }

  BlockManager(int blocks, int blockTokens, int window, BlockHasher hasher) {
    this.blockTokens = blockTokens;
    this.window = window;
    this.hasher = hasher;
    this.prefixes = new PrefixCache(blocks);
    this.references = new int[blocks];
    this.free = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      free[i] = blocks - 1 - i;
    }
    this.freeCount = blocks;
  }

  public int blocks() {
    return free.length;
  }

  /** Blocks that sequences use. */
  public int used() {
    return usedCount;
  }

  /** Blocks that nobody uses but whose content may be found again. */
  public int cached() {
    return prefixes.idle();
  }

  /** Whether a sequence of so many positions could be computed if it had the cache to itself. */
  public boolean canHold(int positions) {
    return blocksAtOnce(positions) <= free.length;
  }

  /** Blocks that a sequence of this length needs together, when computed block by block. */
  int blocksAtOnce(int positions) {
    int all = blocksFor(positions);
    return window == 0 ? all : Math.min(all, blocksFor(window) + 1);
  }

  int blockTokens() {
    return blockTokens;
  }

  int references(int block) {
    return references[block];
  }

  boolean idle(int block) {
    return references[block] == 0 && prefixes.knows(block);
  }

  int freeBlocks() {
    return freeCount;
  }

  /** Blocks that a sequence still lacks to hold {@code positions} positions. */
  int missing(Sequence sequence, int positions) {
    return Math.max(0, blocksFor(positions) - sequence.blockCount());
  }

  /** Blocks that a sequence could be given. */
  int available(Sequence sequence, boolean forced) {
    return freeCount + prefixes.evictable(sequence.chain().owner(), forced);
  }

  /**
   * Gives a sequence the blocks it lacks, as far as there are any.
   *
   * @param forced whether it may take what is reserved for others' prefixes
   * @return how many positions it can hold then, at most {@code positions}
   */
  int grow(Sequence sequence, int positions, boolean forced) {
    int missing = missing(sequence, positions);
    if (missing > freeCount) {
      missing = Math.min(missing, available(sequence, forced));
    }
    for (int i = 0; i < missing; i++) {
      int block =
          freeCount > 0 ? free[--freeCount] : prefixes.evict(sequence.chain().owner(), forced);
      references[block] = 1;
      usedCount++;
      sequence.addBlock(block);
    }
    return Math.min(positions, sequence.blockCount() * blockTokens);
  }

  /**
   * Lets a sequence without blocks use what the cache holds of its beginning. The last token is
   * left to compute: its logits are wanted.
   */
  void adopt(Sequence sequence) {
    int full = (sequence.length() - 1) / blockTokens;
    for (int count = cachedRun(sequence, full); count > 0; count = cachedRun(sequence, count - 1)) {
      int first = firstNeeded(count * blockTokens);
      if (allCached(sequence, first, count)) {
        for (int i = 0; i < count; i++) {
          sequence.addBlock(i < first ? RETURNED : share(cached(sequence, i)));
        }
        sequence.adopted(first, count * blockTokens, count);
        return;
      }
    }
  }

  /**
   * The largest number of leading blocks, at most {@code full}, whose last one is in the cache; 0
   * if none is.
   */
  private int cachedRun(Sequence sequence, int full) {
    if (window == 0) {
      int count = 0;
      while (count < full && cached(sequence, count) >= 0) {
        count++;
      }
      return count;
    }
    int count = full;
    while (count > 0 && cached(sequence, count - 1) < 0) {
      count--;
    }
    return count;
  }

  private boolean allCached(Sequence sequence, int from, int to) {
    for (int i = from; i < to; i++) {
      if (cached(sequence, i) < 0) {
        return false;
      }
    }
    return true;
  }

  private int cached(Sequence sequence, int index) {
    BlockKey key = sequence.chain().key(hasher, sequence, index, blockTokens);
    return key == null ? RETURNED : prefixes.find(key);
  }

  private int share(int block) {
    if (references[block] == 0) {
      prefixes.take(block);
      usedCount++;
    }
    retain(block);
    return block;
  }

  /** Counts one more user of a block. */
  void retain(int block) {
    references[block]++;
  }

  /** Makes the blocks known that the sequence has filled since the last call. */
  void name(Sequence sequence) {
    int full = sequence.computed() / blockTokens;
    for (int i = sequence.named(); i < full; i++) {
      CacheNamespace namespace = sequence.chain().namespace(i, blockTokens);
      BlockKey key = sequence.chain().key(hasher, sequence, i, blockTokens);
      int block = sequence.blockTable()[i];
      if (namespace != null && key != null && block != RETURNED) {
        prefixes.name(block, key, namespace);
      }
    }
    sequence.named(full);
  }

  /**
   * Takes all blocks back, the last first: the beginning of a prefix is worth more than its end.
   */
  void release(Sequence sequence) {
    while (sequence.blockCount() > 0) {
      int block = sequence.removeLastBlock();
      if (block != RETURNED) {
        drop(block);
      }
    }
    sequence.reset();
  }

  /** Takes back what no coming query of the sequence attends to. */
  void returnPassed(Sequence sequence) {
    int end = Math.min(firstNeeded(sequence.computed()), sequence.blockCount());
    for (int i = sequence.returned(); i < end; i++) {
      drop(sequence.returnBlock(i));
    }
  }

  private void drop(int block) {
    if (--references[block] == 0) {
      usedCount--;
      if (prefixes.knows(block)) {
        prefixes.shelve(block);
      } else {
        free[freeCount++] = block;
      }
    }
  }

  /** The first block that a query at {@code position}, or after it, attends to. */
  private int firstNeeded(int position) {
    return window == 0 ? 0 : Math.max(0, position - window + 1) / blockTokens;
  }

  private int blocksFor(int positions) {
    return (positions + blockTokens - 1) / blockTokens;
  }
}

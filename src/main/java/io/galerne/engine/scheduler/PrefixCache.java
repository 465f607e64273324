package io.galerne.engine.scheduler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which blocks hold a prefix that may come again (automatic prefix caching: vLLM; a chain of keys
 * in place of the radix tree of Zheng et al., SGLang, 2024), and which of them nobody uses now.
 *
 * <p>An idle block is evicted when its memory is needed, the least recently used first. But a
 * quarter of the cache is reserved in equal shares for the namespaces that hold idle blocks: within
 * its share a namespace keeps them whatever others ask for, so one tenant's flood can't wipe out
 * another's prefixes. Its own requests, and a request that could not go on otherwise, may take
 * them.
 */
final class PrefixCache {
  private static final int RESERVED_PART = 4;
  private static final int NONE = -1;

  /** The idle blocks of a namespace, a list through {@link #next} from the oldest on. */
  private static final class Shelf {
    final CacheNamespace namespace;
    int oldest = NONE;
    int newest = NONE;
    int count;

    Shelf(CacheNamespace namespace) {
      this.namespace = namespace;
    }
  }

  private final int reserved;
  private final Map<BlockKey, Integer> blocks = new HashMap<>();
  private final @Nullable BlockKey[] keys;
  private final @Nullable CacheNamespace[] namespaces;
  private final int[] previous;
  private final int[] next;

  /** When a block became idle, for the order between namespaces. */
  private final long[] idleSince;

  private final Map<CacheNamespace, Shelf> shelfOf = new HashMap<>();

  /** The shelves that hold something. */
  private final List<Shelf> shelves = new ArrayList<>();

  private int idle;
  private long clock;

  PrefixCache(int capacity) {
    this.reserved = capacity / RESERVED_PART;
    this.keys = new @Nullable BlockKey[capacity];
    this.namespaces = new @Nullable CacheNamespace[capacity];
    this.previous = new int[capacity];
    this.next = new int[capacity];
    this.idleSince = new long[capacity];
    Arrays.fill(previous, NONE);
    Arrays.fill(next, NONE);
  }

  /** Idle blocks of all namespaces. */
  int idle() {
    return idle;
  }

  /** Whether the block's content can be found. */
  boolean knows(int block) {
    return keys[block] != null;
  }

  /** The block of this name, or -1. */
  int find(BlockKey key) {
    return blocks.getOrDefault(key, NONE);
  }

  /** Names a block that is in use; if another has the name already, this one stays unnamed. */
  void name(int block, BlockKey key, CacheNamespace namespace) {
    if (keys[block] == null && blocks.putIfAbsent(key, block) == null) {
      keys[block] = key;
      namespaces[block] = namespace;
    }
  }

  /** Nobody uses the named block any more. */
  void shelve(int block) {
    CacheNamespace namespace = namespaceOf(block);
    Shelf shelf = shelfOf.computeIfAbsent(namespace, Shelf::new);
    if (shelf.count == 0) {
      shelves.add(shelf);
      shelf.oldest = block;
    } else {
      next[shelf.newest] = block;
    }
    previous[block] = shelf.newest;
    next[block] = NONE;
    shelf.newest = block;
    shelf.count++;
    idle++;
    idleSince[block] = clock++;
  }

  /** An idle block is used again. */
  void take(int block) {
    CacheNamespace namespace = namespaceOf(block);
    Shelf shelf = shelfOf.get(namespace);
    if (shelf == null) {
      throw new IllegalStateException("block " + block + " is not idle");
    }
    int before = previous[block];
    int after = next[block];
    if (before == NONE) {
      shelf.oldest = after;
    } else {
      next[before] = after;
    }
    if (after == NONE) {
      shelf.newest = before;
    } else {
      previous[after] = before;
    }
    idle--;
    if (--shelf.count == 0) {
      shelves.remove(shelf);
      shelfOf.remove(namespace);
    }
  }

  /**
   * How many idle blocks a request may have evicted.
   *
   * @param owner the namespace of the request
   * @param forced whether it may go into reserved shares
   */
  int evictable(@Nullable CacheNamespace owner, boolean forced) {
    if (forced || shelves.isEmpty()) {
      return idle;
    }
    int count = 0;
    for (int i = 0; i < shelves.size(); i++) {
      count += Math.max(0, shelves.get(i).count - reserve(shelves.get(i), owner));
    }
    return count;
  }

  /** Forgets the content of the idle block that went unused the longest, and gives its memory. */
  int evict(@Nullable CacheNamespace owner, boolean forced) {
    Shelf oldest = null;
    for (int i = 0; i < shelves.size(); i++) {
      Shelf shelf = shelves.get(i);
      boolean spare = shelf.count > reserve(shelf, owner);
      if (spare && (oldest == null || idleSince[shelf.oldest] < idleSince[oldest.oldest])) {
        oldest = shelf;
      }
    }
    if (oldest == null && forced && !shelves.isEmpty()) {
      oldest = shelves.getFirst();
    }
    if (oldest == null) {
      throw new IllegalStateException("no idle block may be evicted");
    }
    int block = oldest.oldest;
    take(block);
    blocks.remove(keys[block]);
    keys[block] = null;
    namespaces[block] = null;
    return block;
  }

  private int reserve(Shelf shelf, @Nullable CacheNamespace owner) {
    boolean own = owner != null && owner.equals(shelf.namespace);
    return own ? 0 : reserved / shelves.size();
  }

  private CacheNamespace namespaceOf(int block) {
    CacheNamespace namespace = namespaces[block];
    if (namespace == null) {
      throw new IllegalStateException("block " + block + " has no name");
    }
    return namespace;
  }
}

package io.galerne.engine;

import io.galerne.engine.scheduler.CacheNamespace;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiled constraints, each namespace's by itself: nobody is answered faster because another
 * namespace used the same text. A namespace has at most its share of the bytes; where all together
 * have too many, it is the one with the most that forgets what it used least recently. So whoever
 * has less than an equal part loses nothing to the others.
 */
final class ConstraintCache {
  /** What an entry takes besides, about; it bounds how many there can be. */
  private static final int OVERHEAD = 1024;

  private final long capacity;
  private final long share;

  // guarded by this
  private final Map<CacheNamespace, Shelf> shelves = new HashMap<>();
  private long bytes;

  /**
   * @param capacity bytes of all namespaces together
   * @param share bytes of one namespace
   */
  ConstraintCache(long capacity, long share) {
    this.capacity = capacity;
    this.share = share;
  }

  /** What one namespace has, least recently used first. */
  private static final class Shelf {
    private final Map<OutputFormat, Constraint> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    void put(Constraint constraint) {
      Constraint before = entries.put(constraint.format(), constraint);
      bytes += size(constraint) - (before == null ? 0 : size(before));
    }

    void forgetOldest() {
      Iterator<Constraint> oldest = entries.values().iterator();
      bytes -= size(oldest.next());
      oldest.remove();
    }
  }

  synchronized @Nullable Constraint find(OutputFormat format, CacheNamespace owner) {
    Shelf shelf = shelves.get(owner);
    return shelf == null ? null : shelf.entries.get(format);
  }

  /** Remembers a constraint, unless it alone is more than a share. */
  synchronized void put(Constraint constraint, CacheNamespace owner) {
    if (size(constraint) > share) {
      return;
    }
    Shelf shelf = shelves.computeIfAbsent(owner, _ -> new Shelf());
    bytes -= shelf.bytes;
    shelf.put(constraint);
    while (shelf.bytes > share) {
      shelf.forgetOldest();
    }
    bytes += shelf.bytes;
    while (bytes > capacity) {
      makeRoom();
    }
  }

  private void makeRoom() {
    Map.Entry<CacheNamespace, Shelf> largest =
        shelves.entrySet().stream()
            .max(Comparator.comparingLong(entry -> entry.getValue().bytes))
            .orElseThrow();
    Shelf shelf = largest.getValue();
    bytes -= shelf.bytes;
    shelf.forgetOldest();
    bytes += shelf.bytes;
    if (shelf.entries.isEmpty()) {
      shelves.remove(largest.getKey());
    }
  }

  synchronized long bytes() {
    return bytes;
  }

  private static long size(Constraint constraint) {
    return constraint.bytes() + OVERHEAD;
  }
}

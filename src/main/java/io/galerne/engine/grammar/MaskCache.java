package io.galerne.engine.grammar;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was worked out before, as much of it as bytes allow; what was used last stays longest. A
 * grammar that something is remembered of can't be freed, so its own bytes count too.
 */
final class MaskCache {
  /** A value with the bytes it takes. */
  interface Sized {
    long bytes();
  }

  private record Entry(Sized value, Grammar grammar) {}

  /** What a key and an entry take besides, about. */
  private static final int OVERHEAD = 512;

  private final long capacity;
  private final Map<Object, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);

  /** How many entries each grammar has. */
  private final Map<Grammar, Integer> held = new HashMap<>();

  private long bytes;

  MaskCache(long capacity) {
    this.capacity = capacity;
  }

  synchronized @Nullable Sized get(Object key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.value;
  }

  synchronized void put(Object key, Sized value, Grammar grammar) {
    // An equal key of another grammar must not stay, or it would hold that one unseen.
    Entry before = entries.remove(key);
    if (before != null) {
      forget(before);
    }
    entries.put(key, new Entry(value, grammar));
    bytes += value.bytes() + OVERHEAD;
    if (held.merge(grammar, 1, Integer::sum) == 1) {
      bytes += grammar.bytes();
    }
    Iterator<Entry> oldest = entries.values().iterator();
    while (bytes > capacity && oldest.hasNext()) {
      Entry entry = oldest.next();
      oldest.remove();
      forget(entry);
    }
  }

  private void forget(Entry entry) {
    bytes -= entry.value.bytes() + OVERHEAD;
    if (held.merge(entry.grammar, -1, (count, less) -> count + less == 0 ? null : count + less)
        == null) {
      bytes -= entry.grammar.bytes();
    }
  }

  synchronized long bytes() {
    return bytes;
  }
}

package io.galerne.engine.grammar;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was worked out before, as much of it as bytes allow; what was used last stays longest. */
final class MaskCache {
  /** A value with the bytes it takes. */
  interface Sized {
    long bytes();
  }

  /** What a key and an entry take besides, about. */
  private static final int OVERHEAD = 512;

  private final long capacity;
  private final Map<Object, Sized> entries = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;

  MaskCache(long capacity) {
    this.capacity = capacity;
  }

  synchronized @Nullable Sized get(Object key) {
    return entries.get(key);
  }

  synchronized void put(Object key, Sized value) {
    Sized before = entries.put(key, value);
    bytes += value.bytes() + OVERHEAD - (before == null ? 0 : before.bytes() + OVERHEAD);
    var oldest = entries.entrySet().iterator();
    while (bytes > capacity && oldest.hasNext()) {
      bytes -= oldest.next().getValue().bytes() + OVERHEAD;
      oldest.remove();
    }
  }

  synchronized long bytes() {
    return bytes;
  }
}

package io.galerne.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Keys that were checked. They stay until something about their tenant changes, so that a request
 * with a known key costs no query; {@link CredentialWatch} hears of changes. Unknown keys are not
 * remembered: guessing must not push good keys out.
 */
@Component
class RememberedKeys {
  private static final int KEYS_MAX = 10_000;
  private static final Duration UNUSED_MAX = Duration.ofHours(1);

  private final Cache<String, KeyLookup.Found> keys =
      Caffeine.newBuilder()
          .maximumSize(KEYS_MAX)
          .expireAfterAccess(UNUSED_MAX)
          .executor(Runnable::run)
          .build();
  private final AtomicLong changes = new AtomicLong();

  KeyLookup.@Nullable Found get(String hash) {
    return keys.getIfPresent(hash);
  }

  /** How many changes there were; ask before a look-up whose result shall be remembered. */
  long changes() {
    return changes.get();
  }

  /**
   * Remembers what a look-up found, unless something changed since it began: it may have read what
   * was there before.
   */
  void put(String hash, KeyLookup.Found found, long changesBefore) {
    if (changes.get() == changesBefore) {
      keys.put(hash, found);
      if (changes.get() != changesBefore) {
        keys.invalidate(hash);
      }
    }
  }

  void forgetTenant(UUID tenantId) {
    changes.incrementAndGet();
    keys.asMap().values().removeIf(found -> found.caller().tenantId().equals(tenantId));
  }

  void forgetAll() {
    changes.incrementAndGet();
    keys.invalidateAll();
  }
}

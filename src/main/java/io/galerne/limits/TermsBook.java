package io.galerne.limits;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.galerne.identity.Caller;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What holds for the keys in use, remembered for a moment. While it is read again, and while the
 * database is away, the last answer holds.
 */
@Component
class TermsBook {
  private static final int KEYS_MAX = 10_000;
  private static final Duration IDLE_MAX = Duration.ofMinutes(10);

  private final LoadingCache<Caller, Terms> terms;

  TermsBook(TermsTable table, LimitsProperties properties) {
    this.terms =
        Caffeine.newBuilder()
            .maximumSize(KEYS_MAX)
            .expireAfterAccess(IDLE_MAX)
            .refreshAfterWrite(properties.termsRemembered())
            .executor(Thread::startVirtualThread)
            .build(table::read);
  }

  /**
   * @throws org.springframework.dao.DataAccessException if they were never read and can't be
   */
  Terms of(Caller caller) {
    return terms.get(caller);
  }

  /** The last answer, or null if it was never read. Asks nobody. */
  @Nullable Terms remembered(Caller caller) {
    return terms.asMap().get(caller);
  }
}

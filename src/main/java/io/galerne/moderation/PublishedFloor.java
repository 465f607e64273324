package io.galerne.moderation;

import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.PolicyReader;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * The floor that operators have published. Like tenants' policies, what is known of it is at most
 * {@link ModerationProperties#refresh()} old on every replica.
 */
@Component
class PublishedFloor {
  private static final Logger log = LoggerFactory.getLogger(PublishedFloor.class);

  private static final Duration WARN_EVERY = Duration.ofMinutes(1);

  private final FloorRecords records;
  private final ModerationProperties properties;
  private volatile @Nullable Known known;
  private volatile long warnedNanos = System.nanoTime() - WARN_EVERY.toNanos();

  PublishedFloor(FloorRecords records, ModerationProperties properties) {
    this.records = records;
    this.properties = properties;
  }

  private record Known(String origin, Optional<CompiledPolicy> policy, long atNanos) {}

  /**
   * @throws DataAccessException if it can't be known
   */
  Optional<CompiledPolicy> policy() {
    Known last = known;
    long now = System.nanoTime();
    if (last != null && now - last.atNanos() < properties.refresh().toNanos()) {
      return last.policy();
    }
    try {
      Known fresh = read(last, now);
      known = fresh;
      return fresh.policy();
    } catch (DataAccessException | TransactionException e) {
      if (last == null || now - last.atNanos() >= properties.staleMax().toNanos()) {
        throw e;
      }
      if (now - warnedNanos >= WARN_EVERY.toNanos()) {
        warnedNanos = now;
        log.warn("The floor could not be read, what is known of it holds on", e);
      }
      return last.policy();
    }
  }

  /** This replica need not wait for its next look. */
  void changed() {
    known = null;
  }

  private Known read(@Nullable Known last, long now) {
    FloorRecords.Version active = records.active().orElse(null);
    if (active == null) {
      return new Known("", Optional.empty(), now);
    }
    String origin = "floor:" + active.hash();
    return last != null && last.origin().equals(origin)
        ? new Known(origin, last.policy(), now)
        : new Known(origin, Optional.of(compile(active, origin)), now);
  }

  private static CompiledPolicy compile(FloorRecords.Version version, String origin) {
    return switch (PolicyText.read(version.content())) {
      case PolicyReader.Result.Read(Policy policy) -> CompiledPolicy.of(policy, origin);
      case PolicyReader.Result.Refused(var problems) ->
          throw new IllegalStateException(
              "version %d of the floor was published and can't be read: %s"
                  .formatted(version.number(), problems));
    };
  }
}

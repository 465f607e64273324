package io.galerne.moderation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.galerne.identity.Caller;
import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.PolicyReader;
import io.galerne.serving.Moderator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Which policies hold for a request: the operator's floor and every policy in force whose scope
 * covers it. All their rules apply, so the strictest has its way and nobody can lower another's.
 *
 * <p>What is known of a tenant is at most {@link ModerationProperties#refresh()} old on every
 * replica, since each asks the database by itself.
 */
@Component
class EffectivePolicies {
  private static final Logger log = LoggerFactory.getLogger(EffectivePolicies.class);
  private static final int TENANTS_MAX = 10_000;
  private static final int VERSIONS_MAX = 1_000;
  private static final Duration WARN_EVERY = Duration.ofMinutes(1);

  private final PolicyRecords records;
  private final OperatorFloor floor;
  private final PublishedFloor published;
  private final ModerationProperties properties;
  private final Cache<UUID, Known> known = Caffeine.newBuilder().maximumSize(TENANTS_MAX).build();
  private final Cache<String, CompiledPolicy> compiled =
      Caffeine.newBuilder().maximumSize(VERSIONS_MAX).build();

  private final AtomicLong warnedNanos = new AtomicLong(System.nanoTime() - WARN_EVERY.toNanos());

  EffectivePolicies(
      PolicyRecords records,
      OperatorFloor floor,
      PublishedFloor published,
      ModerationProperties properties) {
    this.records = records;
    this.floor = floor;
    this.published = published;
    this.properties = properties;
  }

  private record Scoped(PolicyScope scope, Set<String> keys, CompiledPolicy policy) {}

  private record Known(List<Scoped> policies, long atNanos) {}

  /**
   * The floors come first.
   *
   * @throws DataAccessException if the tenant's policies can't be known
   */
  List<CompiledPolicy> of(Moderator.Subject subject) {
    List<CompiledPolicy> effective = new ArrayList<>(floor.named(subject.floors()));
    effective.addAll(of(subject.caller(), subject.model(), subject.deployment()));
    return effective;
  }

  /**
   * The floor comes first.
   *
   * @param deployment what serves the model, or empty
   * @throws DataAccessException if the tenant's policies can't be known
   */
  List<CompiledPolicy> of(Caller caller, String model, String deployment) {
    List<CompiledPolicy> effective = new ArrayList<>();
    floor.policy().ifPresent(effective::add);
    published.policy().ifPresent(effective::add);
    for (Scoped scoped : known(caller.tenantId()).policies()) {
      if (scoped.scope().covers(caller, model, deployment, scoped.keys())) {
        effective.add(scoped.policy());
      }
    }
    return effective;
  }

  /** This replica need not wait for its next look. */
  void changed(UUID tenant) {
    known.invalidate(tenant);
  }

  private Known known(UUID tenant) {
    Known last = known.getIfPresent(tenant);
    long now = System.nanoTime();
    if (last != null && now - last.atNanos() < properties.refresh().toNanos()) {
      return last;
    }
    try {
      Known fresh = new Known(records.active(tenant).stream().map(this::compiled).toList(), now);
      known.put(tenant, fresh);
      return fresh;
    } catch (DataAccessException | TransactionException e) {
      return lastKnown(last, now, e);
    }
  }

  private Known lastKnown(@Nullable Known last, long now, RuntimeException failure) {
    if (last == null || now - last.atNanos() >= properties.staleMax().toNanos()) {
      throw failure;
    }
    warn(now, failure);
    return last;
  }

  /** One line in a while: while the database is away each request comes here. */
  private void warn(long now, RuntimeException failure) {
    long last = warnedNanos.get();
    if (now - last >= WARN_EVERY.toNanos() && warnedNanos.compareAndSet(last, now)) {
      log.warn(
          "policies could not be read, what is known of them holds on: {}",
          NestedExceptionUtils.getMostSpecificCause(failure).toString());
    }
  }

  private Scoped compiled(PolicyRecords.Active active) {
    CompiledPolicy policy =
        compiled.get(active.version().hash(), hash -> compile(active.version().content(), hash));
    return new Scoped(active.scope(), active.keys(), policy);
  }

  private static CompiledPolicy compile(String content, String hash) {
    return switch (PolicyText.read(content)) {
      case PolicyReader.Result.Read(Policy policy) -> CompiledPolicy.of(policy, hash);
      case PolicyReader.Result.Refused(var problems) ->
          throw new IllegalStateException(
              "version " + hash + " was published and can't be read: " + problems);
    };
  }
}

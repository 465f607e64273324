package io.galerne.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.galerne.database.TenantTransactions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * Issues, revokes and checks API keys.
 *
 * <p>A checked key is remembered for under a second, so that a revocation, also one by another
 * instance, bites within a second. Unknown keys are not remembered: guessing must not push good
 * keys out.
 */
@Service
public class ApiKeyService {
  private static final Duration REMEMBERED = Duration.ofMillis(750);
  private static final int REMEMBERED_KEYS_MAX = 10_000;

  private final TenantTransactions transactions;
  private final ApiKeys keys;
  private final KeyLookup lookup;
  private final KeyHasher hasher;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Cache<String, KeyLookup.Found> remembered;

  @Autowired
  ApiKeyService(
      TenantTransactions transactions,
      ApiKeys keys,
      KeyLookup lookup,
      KeyHasher hasher,
      Clock clock) {
    this(transactions, keys, lookup, hasher, clock, Ticker.systemTicker());
  }

  /** The ticker measures how long a check is remembered; it must not jump as a clock may. */
  ApiKeyService(
      TenantTransactions transactions,
      ApiKeys keys,
      KeyLookup lookup,
      KeyHasher hasher,
      Clock clock,
      Ticker ticker) {
    this.transactions = transactions;
    this.keys = keys;
    this.lookup = lookup;
    this.hasher = hasher;
    this.clock = clock;
    this.remembered =
        Caffeine.newBuilder()
            .maximumSize(REMEMBERED_KEYS_MAX)
            .expireAfterWrite(REMEMBERED)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /**
   * Makes a key for a workspace of the tenant.
   *
   * @param expiresAt when it ends, or null for never
   * @throws org.springframework.dao.DataIntegrityViolationException if the tenant has no such
   *     workspace
   */
  public IssuedKey issue(
      UUID tenantId, UUID workspaceId, String name, @Nullable Instant expiresAt) {
    String secret = KeyFormat.newKey(random);
    String display = KeyFormat.display(secret);
    Caller caller = new Caller(tenantId, workspaceId, UUID.randomUUID());
    ApiKey key = new ApiKey(caller, name, display, hasher.hash(secret), clock.instant());
    key.expireAt(expiresAt);
    transactions.runInTenant(tenantId, () -> keys.save(key));
    return new IssuedKey(caller.apiKeyId(), secret, display);
  }

  /** Withdraws a key of the tenant; false if the tenant has no such key. */
  public boolean revoke(UUID tenantId, UUID keyId) {
    Optional<ApiKey> revoked =
        transactions.inTenant(
            tenantId,
            () -> {
              Optional<ApiKey> key = keys.findById(keyId);
              key.ifPresent(found -> found.revoke(clock.instant()));
              return key;
            });
    remembered.asMap().values().removeIf(found -> found.caller().apiKeyId().equals(keyId));
    return revoked.isPresent();
  }

  /** Withdraws the workspace's keys of that name; how many there were to withdraw. */
  public int revokeNamed(UUID tenantId, UUID workspaceId, String name) {
    List<UUID> active =
        transactions.inTenant(
            tenantId,
            () ->
                keys.findByWorkspaceIdAndNameAndRevokedAtIsNull(workspaceId, name).stream()
                    .map(key -> key.caller().apiKeyId())
                    .toList());
    active.forEach(id -> revoke(tenantId, id));
    return active.size();
  }

  /** Tells whose key this is, if it is a good one. */
  public KeyCheck authenticate(String presented) {
    if (!KeyFormat.isWellFormed(presented)) {
      return new KeyCheck.Malformed();
    }
    String hash = hasher.hash(presented);
    KeyLookup.Found found = remembered.getIfPresent(hash);
    if (found == null) {
      Instant asked = clock.instant();
      found = lookup.byHash(hash, asked).orElse(null);
      if (found == null) {
        return new KeyCheck.Unknown();
      }
      remembered.put(hash, found);
    }
    return check(found);
  }

  private KeyCheck check(KeyLookup.Found key) {
    if (key.revokedAt() != null) {
      return new KeyCheck.Revoked();
    }
    if (key.expiresAt() != null && !clock.instant().isBefore(key.expiresAt())) {
      return new KeyCheck.Expired();
    }
    return new KeyCheck.Valid(key.caller());
  }
}

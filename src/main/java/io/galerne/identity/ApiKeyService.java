package io.galerne.identity;

import io.galerne.audit.Actor;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.database.TenantTransactions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;

/**
 * Issues, revokes and checks API keys.
 *
 * <p>A checked key is remembered until {@link CredentialWatch} hears of a change, so that a
 * revocation by any instance bites within a second. As long as the database is out of reach, and no
 * longer than the grace for that, what is remembered counts.
 */
@Service
public class ApiKeyService {
  private final TenantTransactions transactions;
  private final KeyRows rows;
  private final KeyLookup lookup;
  private final KeyHasher hasher;
  private final RememberedKeys remembered;
  private final CredentialChanges changes;
  private final LastUses uses;
  private final AuditLog audit;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  ApiKeyService(
      TenantTransactions transactions,
      KeyRows rows,
      KeyLookup lookup,
      KeyHasher hasher,
      RememberedKeys remembered,
      CredentialChanges changes,
      LastUses uses,
      AuditLog audit,
      Clock clock) {
    this.transactions = transactions;
    this.rows = rows;
    this.lookup = lookup;
    this.hasher = hasher;
    this.remembered = remembered;
    this.changes = changes;
    this.uses = uses;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Makes a key without bounds for a workspace of the tenant.
   *
   * @param expiresAt when it ends, or null for never
   * @throws org.springframework.dao.DataIntegrityViolationException if the tenant has no such
   *     workspace
   */
  public IssuedKey issue(
      UUID tenantId, UUID workspaceId, String name, @Nullable Instant expiresAt) {
    NewApiKey key =
        new NewApiKey(workspaceId, null, name, expiresAt, KeyScope.EVERYTHING, KeyCaps.NONE);
    return transactions.inTenant(tenantId, () -> issue(tenantId, Actor.system(), key, null));
  }

  /** Within the tenant's transaction. */
  IssuedKey issue(UUID tenantId, Actor actor, NewApiKey key, @Nullable UUID rotatedFrom) {
    String secret = KeyFormat.API.newKey(random);
    IssuedKey issued = new IssuedKey(UUID.randomUUID(), secret, KeyFormat.API.display(secret));
    KeyRows.Stored stored = new KeyRows.Stored(issued.display(), hasher.hash(secret));
    rows.insert(tenantId, issued.id(), key, stored, clock.instant(), rotatedFrom);
    AuditEntry entry =
        AuditEntry.of(
                tenantId,
                actor,
                rotatedFrom == null ? "api_key.create" : "api_key.rotate",
                "API_KEY",
                issued.id())
            .inWorkspace(key.workspaceId())
            .with("name", key.name());
    audit.record(rotatedFrom == null ? entry : entry.with("rotated_from", rotatedFrom.toString()));
    return issued;
  }

  /** Withdraws a key of the tenant; false if the tenant has no such key. */
  public boolean revoke(UUID tenantId, UUID keyId) {
    boolean revoked =
        transactions.inTenant(tenantId, () -> revoke(tenantId, Actor.system(), keyId));
    remembered.forgetTenant(tenantId);
    return revoked;
  }

  /** Within the tenant's transaction. */
  boolean revoke(UUID tenantId, Actor actor, UUID keyId) {
    boolean revoked = rows.revoke(keyId, clock.instant());
    if (revoked) {
      audit.record(AuditEntry.of(tenantId, actor, "api_key.delete", "API_KEY", keyId));
    }
    return revoked;
  }

  /** Withdraws the workspace's keys of that name; how many there were to withdraw. */
  public int revokeNamed(UUID tenantId, UUID workspaceId, String name) {
    List<UUID> active = transactions.inTenant(tenantId, () -> rows.named(workspaceId, name));
    active.forEach(id -> revoke(tenantId, id));
    return active.size();
  }

  /** What was changed here need not be heard of first. */
  void forget(UUID tenantId) {
    remembered.forgetTenant(tenantId);
  }

  /** Tells whose key this is, if it is a good one. */
  public KeyCheck authenticate(String presented) {
    if (!KeyFormat.API.isWellFormed(presented)) {
      return new KeyCheck.Malformed();
    }
    KeyLookup.Found found = find(hasher.hash(presented));
    if (found == null) {
      return new KeyCheck.Unknown();
    }
    KeyCheck check = check(found);
    if (check instanceof KeyCheck.Valid(Caller caller)) {
      uses.note(caller, clock.instant());
    }
    return check;
  }

  private KeyLookup.@Nullable Found find(String hash) {
    KeyLookup.Found known = remembered.get(hash);
    if (known == null) {
      return lookUp(hash);
    }
    return switch (changes.knowledge()) {
      case CURRENT, CUT_OFF -> known;
      case UNCERTAIN -> askAgain(hash, known);
    };
  }

  /** The database may be going away just now: then the next moment tells. */
  private KeyLookup.@Nullable Found askAgain(String hash, KeyLookup.Found known) {
    try {
      return lookUp(hash);
    } catch (DataAccessException | TransactionException e) {
      if (changes.knowledge() == CredentialChanges.Knowledge.CUT_OFF) {
        return known;
      }
      throw e;
    }
  }

  private KeyLookup.@Nullable Found lookUp(String hash) {
    long before = remembered.changes();
    KeyLookup.Found found = lookup.byHash(hash).orElse(null);
    if (found != null) {
      remembered.put(hash, found, before);
    }
    return found;
  }

  private KeyCheck check(KeyLookup.Found key) {
    if (key.revokedAt() != null || key.archived()) {
      return new KeyCheck.Revoked();
    }
    if (key.expiresAt() != null && !clock.instant().isBefore(key.expiresAt())) {
      return new KeyCheck.Expired();
    }
    return key.suspended() ? new KeyCheck.Suspended() : new KeyCheck.Valid(key.caller());
  }
}

package io.galerne.identity;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.TenantAdmin;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * The API keys of a tenant's workspaces, for those who manage them. A key in a workspace whose keys
 * the caller may not see is one that does not exist.
 */
@Service
public class ApiKeyDirectory {
  /** The longest that a key may go on working beside the one that replaces it. */
  public static final Duration OVERLAP_MAX = Duration.ofDays(7);

  private final TenantTransactions transactions;
  private final KeyRows rows;
  private final WorkspaceRows workspaces;
  private final MemberRows members;
  private final ApiKeyService keys;
  private final AuditLog audit;
  private final Clock clock;

  ApiKeyDirectory(
      TenantTransactions transactions,
      KeyRows rows,
      WorkspaceRows workspaces,
      MemberRows members,
      ApiKeyService keys,
      AuditLog audit,
      Clock clock) {
    this.transactions = transactions;
    this.rows = rows;
    this.workspaces = workspaces;
    this.members = members;
    this.keys = keys;
    this.audit = audit;
    this.clock = clock;
  }

  /** A new key with what is known of it. */
  public record Created(IssuedKey key, ApiKeyDetails details) {}

  /** A change: all of it takes effect. */
  public record Update(String name, @Nullable Instant expiresAt, KeyScope scope, KeyCaps caps) {}

  /**
   * @param name a part of the names or of what is shown of the keys, in any case; empty for all
   */
  public List<ApiKeyDetails> list(TenantAdmin caller, String name, int limit, long offset) {
    return transactions.inTenant(
        caller.tenantId(),
        () -> rows.list(caller.workspacesFor(Permission.KEYS_READ), name, limit, offset));
  }

  /**
   * @throws RefusedException if there is no such key
   */
  public ApiKeyDetails get(TenantAdmin caller, UUID id) {
    return transactions.inTenant(caller.tenantId(), () -> visible(caller, id));
  }

  /**
   * Makes a key. Where a policy bounds how long keys may last, a later end, or none, becomes the
   * latest that is allowed.
   *
   * @throws RefusedException if there is no such workspace or user, or the workspace is archived
   */
  public Created create(TenantAdmin caller, NewApiKey wanted) {
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          requireWritable(caller, wanted.workspaceId());
          if (wanted.userId() != null && !members.exists(wanted.userId())) {
            throw RefusedException.unknown("user", "user_id");
          }
          return issue(caller, wanted, null);
        });
  }

  private Created issue(TenantAdmin caller, NewApiKey wanted, @Nullable UUID rotatedFrom) {
    NewApiKey bounded =
        new NewApiKey(
            wanted.workspaceId(),
            wanted.userId(),
            wanted.name(),
            bounded(wanted.workspaceId(), wanted.expiresAt()),
            wanted.scope(),
            wanted.caps());
    IssuedKey key = keys.issue(caller.tenantId(), caller.actor(), bounded, rotatedFrom);
    return new Created(key, visible(caller, key.id()));
  }

  private @Nullable Instant bounded(UUID workspaceId, @Nullable Instant wanted) {
    Integer days = workspaces.keyDaysMax(workspaceId);
    if (days == null) {
      return wanted;
    }
    Instant latest = clock.instant().plus(Duration.ofDays(days));
    return wanted == null || wanted.isAfter(latest) ? latest : wanted;
  }

  /**
   * Changes a key's name, end, scope and caps, on every instance within a second.
   *
   * @throws RefusedException if there is no such key
   */
  public ApiKeyDetails update(TenantAdmin caller, UUID id, Update update) {
    ApiKeyDetails after =
        transactions.inTenant(
            caller.tenantId(),
            () -> {
              ApiKeyDetails before = writable(caller, id);
              rows.update(
                  id,
                  update.name(),
                  bounded(before.workspaceId(), update.expiresAt()),
                  update.scope(),
                  update.caps());
              audit.record(
                  entry(caller, "api_key.update", before)
                      .with("scope", update.scope().toString())
                      .with("caps", update.caps().toString()));
              return visible(caller, id);
            });
    keys.forget(caller.tenantId());
    return after;
  }

  /**
   * Withdraws a key, on every instance within a second.
   *
   * @throws RefusedException if there is no such key
   */
  public void delete(TenantAdmin caller, UUID id) {
    transactions.runInTenant(
        caller.tenantId(),
        () -> {
          writable(caller, id);
          keys.revoke(caller.tenantId(), caller.actor(), id);
        });
    keys.forget(caller.tenantId());
  }

  /**
   * Replaces a key by a new one of the same workspace, scope and caps; what the two use counts
   * against the same caps. The old one goes on working for the overlap, and no longer than it would
   * have.
   *
   * @param overlap zero to {@link #OVERLAP_MAX}
   * @throws RefusedException if there is no such key, or it has ended
   */
  public Created rotate(
      TenantAdmin caller, UUID id, Duration overlap, @Nullable Instant expiresAt) {
    if (overlap.isNegative() || overlap.compareTo(OVERLAP_MAX) > 0) {
      throw new IllegalArgumentException("an overlap of " + overlap);
    }
    Created created =
        transactions.inTenant(
            caller.tenantId(),
            () -> {
              ApiKeyDetails old = writable(caller, id);
              requireWritable(caller, old.workspaceId());
              Instant now = clock.instant();
              if (old.expiresAt() != null && !now.isBefore(old.expiresAt())) {
                throw RefusedException.conflict(null, "The key has expired; make a new one");
              }
              NewApiKey same =
                  new NewApiKey(
                      old.workspaceId(),
                      old.userId(),
                      old.name(),
                      expiresAt == null ? old.expiresAt() : expiresAt,
                      old.scope(),
                      old.caps());
              Created replacement = issue(caller, same, id);
              Instant end = now.plus(overlap);
              rows.update(
                  id,
                  old.name(),
                  old.expiresAt() != null && old.expiresAt().isBefore(end) ? old.expiresAt() : end,
                  old.scope(),
                  old.caps());
              return replacement;
            });
    keys.forget(caller.tenantId());
    return created;
  }

  private ApiKeyDetails visible(TenantAdmin caller, UUID id) {
    return rows.find(id)
        .filter(key -> caller.mayIn(key.workspaceId(), Permission.KEYS_READ))
        .orElseThrow(() -> RefusedException.unknown("API key"));
  }

  private ApiKeyDetails writable(TenantAdmin caller, UUID id) {
    ApiKeyDetails key = visible(caller, id);
    if (!caller.mayIn(key.workspaceId(), Permission.KEYS_WRITE)) {
      throw beyond();
    }
    return key;
  }

  private void requireWritable(TenantAdmin caller, UUID workspaceId) {
    WorkspaceDetails workspace =
        workspaces
            .find(workspaceId)
            .filter(
                _ ->
                    caller.mayIn(workspaceId, Permission.WORKSPACES_READ)
                        || caller.mayIn(workspaceId, Permission.KEYS_READ))
            .orElseThrow(() -> RefusedException.unknown("workspace", "workspace_uuid"));
    if (!caller.mayIn(workspaceId, Permission.KEYS_WRITE)) {
      throw beyond();
    }
    if (workspace.archivedAt() != null) {
      throw RefusedException.conflict("workspace_uuid", "The workspace is archived");
    }
  }

  private static RefusedException beyond() {
    return RefusedException.beyondCaller(
        "Your roles do not include the permission "
            + Permission.KEYS_WRITE.label()
            + " in this workspace");
  }

  private static AuditEntry entry(TenantAdmin caller, String action, ApiKeyDetails key) {
    return AuditEntry.of(caller.tenantId(), caller.actor(), action, "API_KEY", key.id())
        .inWorkspace(key.workspaceId());
  }
}

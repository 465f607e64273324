package io.galerne.limits;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whose limits they are: an organisation's, a workspace's or a key's.
 *
 * @param scopeId of a key its line, which outlives a rotation
 * @param workspaceId null for an organisation
 * @param keyId null for an organisation or a workspace
 */
public record LimitTarget(
    UUID tenantId, Scope scope, UUID scopeId, @Nullable UUID workspaceId, @Nullable UUID keyId) {
  /** All of a tenant. */
  public static LimitTarget organisation(UUID tenantId) {
    return new LimitTarget(tenantId, Scope.ORGANISATION, tenantId, null, null);
  }
}

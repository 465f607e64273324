package io.galerne.identity;

import java.util.UUID;

/**
 * Whose request this is: proven by an API key, passed explicitly from the edge inwards.
 *
 * @param scope what the key may be used for
 */
public record Caller(UUID tenantId, UUID workspaceId, UUID apiKeyId, KeyScope scope) {
  /** A caller whose key may be used for everything. */
  public Caller(UUID tenantId, UUID workspaceId, UUID apiKeyId) {
    this(tenantId, workspaceId, apiKeyId, KeyScope.EVERYTHING);
  }
}

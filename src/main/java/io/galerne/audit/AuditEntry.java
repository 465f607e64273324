package io.galerne.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was done.
 *
 * @param tenantId whose trail it belongs to
 * @param action such as {@code api_key.create}; the Admin API's event types where it has one
 * @param targetType such as {@code API_KEY}
 * @param targetId null where there is no one target
 * @param workspaceId where it happened; null for the organisation
 * @param details what changed: names to values, never a secret or a prompt
 */
public record AuditEntry(
    UUID tenantId,
    Actor actor,
    String action,
    String targetType,
    @Nullable String targetId,
    @Nullable UUID workspaceId,
    Map<String, Object> details) {
  public AuditEntry {
    details = Map.copyOf(details);
  }

  /** An entry about something of the organisation. */
  public static AuditEntry of(
      UUID tenantId, Actor actor, String action, String targetType, UUID targetId) {
    return new AuditEntry(tenantId, actor, action, targetType, targetId.toString(), null, Map.of());
  }

  public AuditEntry inWorkspace(UUID workspace) {
    return new AuditEntry(tenantId, actor, action, targetType, targetId, workspace, details);
  }

  public AuditEntry with(String name, Object value) {
    Map<String, Object> more = new HashMap<>(details);
    more.put(name, value);
    return new AuditEntry(tenantId, actor, action, targetType, targetId, workspaceId, more);
  }
}

package io.galerne.adminapi;

import io.galerne.audit.AuditEntry;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.limits.LimitTarget;
import java.util.UUID;

/** Rows of the trail about limits. */
final class LimitTraces {
  private LimitTraces() {}

  static AuditEntry of(TenantAdmin caller, LimitTarget target, String action, String targetType) {
    UUID key = target.keyId();
    AuditEntry entry =
        AuditEntry.of(
                caller.tenantId(),
                caller.actor(),
                action,
                targetType,
                key == null ? target.scopeId() : key)
            .with("scope", target.scope().toString());
    UUID workspace = target.workspaceId();
    return workspace == null ? entry : entry.inWorkspace(workspace);
  }
}

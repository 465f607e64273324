package io.galerne.adminapi;

import io.galerne.api.ApiException;
import io.galerne.api.ErrorEnvelope;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Permission;
import io.galerne.limits.LimitTarget;
import io.galerne.limits.LimitTargets;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** What a path with limits is about, if the caller may know of it. */
@Component
class LimitPaths {
  private final LimitTargets targets;

  LimitPaths(LimitTargets targets) {
    this.targets = targets;
  }

  /**
   * @throws ApiException if there is no such workspace for the caller
   */
  LimitTarget workspace(TenantAdmin caller, String text, Permission permission) {
    UUID id = Query.id("workspace_uuid", text);
    return visible(caller, targets.workspace(caller.tenantId(), id), permission, "workspace");
  }

  /**
   * @throws ApiException if there is no such key for the caller
   */
  LimitTarget key(TenantAdmin caller, String text, Permission permission) {
    UUID id = Query.id("key_id", text);
    return visible(caller, targets.key(caller.tenantId(), id), permission, "API key");
  }

  private static LimitTarget visible(
      TenantAdmin caller, Optional<LimitTarget> found, Permission permission, String what) {
    return found
        .filter(
            target ->
                target.workspaceId() != null && caller.mayIn(target.workspaceId(), permission))
        .orElseThrow(
            () ->
                new ApiException(
                    HttpStatus.NOT_FOUND,
                    new ErrorEnvelope("There is no such " + what, "not_found")));
  }
}

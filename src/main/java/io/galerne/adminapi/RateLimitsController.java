package io.galerne.adminapi;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditedWork;
import io.galerne.catalog.ModelCatalog;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Permission;
import io.galerne.limits.LimitTarget;
import io.galerne.limits.RateLimitDesk;
import io.galerne.limits.RateLimits;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /v1/admin/rate-limit}, of which the contract knows the reading, and the same of a
 * workspace and of a key.
 */
@RestController
class RateLimitsController {
  private static final String TARGET_TYPE = "RATE_LIMIT_RULE";

  private final AdminRequests requests;
  private final LimitPaths paths;
  private final RateLimitDesk desk;
  private final ModelCatalog catalog;
  private final AuditedWork audited;

  RateLimitsController(
      AdminRequests requests,
      LimitPaths paths,
      RateLimitDesk desk,
      ModelCatalog catalog,
      AuditedWork audited) {
    this.requests = requests;
    this.paths = paths;
    this.desk = desk;
    this.catalog = catalog;
    this.audited = audited;
  }

  @Operation(summary = "The rates that hold for the organization")
  @GetMapping("/v1/admin/rate-limit")
  @Requires(Permission.LIMITS_READ)
  RateLimitEntry organization(@AuthenticationPrincipal TenantAdmin caller) {
    return entry(LimitTarget.organisation(caller.tenantId()));
  }

  @Operation(summary = "Sets rates for the organization; its plan's hold as well")
  @RequestBody(content = @Content(schema = @Schema(implementation = RateLimitChange.Body.class)))
  @PostMapping("/v1/admin/rate-limit")
  @Requires(Permission.LIMITS_WRITE)
  RateLimitEntry setOrganization(
      HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    return change(caller, LimitTarget.organisation(caller.tenantId()), request);
  }

  @Operation(summary = "Removes what was set for the organization; its plan's rates stay")
  @DeleteMapping("/v1/admin/rate-limit")
  @Requires(Permission.LIMITS_WRITE)
  RateLimitEntry clearOrganization(@AuthenticationPrincipal TenantAdmin caller) {
    return clear(caller, LimitTarget.organisation(caller.tenantId()));
  }

  @Operation(summary = "The rates that hold for a workspace")
  @GetMapping("/v1/admin/workspaces/{workspace_uuid}/rate-limit")
  @Requires(value = Permission.LIMITS_READ, inWorkspace = true)
  RateLimitEntry workspace(
      @PathVariable("workspace_uuid") String id, @AuthenticationPrincipal TenantAdmin caller) {
    return entry(paths.workspace(caller, id, Permission.LIMITS_READ));
  }

  @Operation(summary = "Sets rates for a workspace")
  @RequestBody(content = @Content(schema = @Schema(implementation = RateLimitChange.Body.class)))
  @PostMapping("/v1/admin/workspaces/{workspace_uuid}/rate-limit")
  @Requires(Permission.LIMITS_WRITE)
  RateLimitEntry setWorkspace(
      @PathVariable("workspace_uuid") String id,
      HttpServletRequest request,
      @AuthenticationPrincipal TenantAdmin caller) {
    return change(caller, paths.workspace(caller, id, Permission.LIMITS_WRITE), request);
  }

  @Operation(summary = "Removes what was set for a workspace")
  @DeleteMapping("/v1/admin/workspaces/{workspace_uuid}/rate-limit")
  @Requires(Permission.LIMITS_WRITE)
  RateLimitEntry clearWorkspace(
      @PathVariable("workspace_uuid") String id, @AuthenticationPrincipal TenantAdmin caller) {
    return clear(caller, paths.workspace(caller, id, Permission.LIMITS_WRITE));
  }

  @Operation(summary = "The rates that hold for an API key")
  @GetMapping("/v1/admin/api-keys/{key_id}/rate-limit")
  @Requires(value = Permission.LIMITS_READ, inWorkspace = true)
  RateLimitEntry key(
      @PathVariable("key_id") String id, @AuthenticationPrincipal TenantAdmin caller) {
    return entry(paths.key(caller, id, Permission.LIMITS_READ));
  }

  @Operation(summary = "Sets rates for an API key and those that it is rotated to")
  @RequestBody(content = @Content(schema = @Schema(implementation = RateLimitChange.Body.class)))
  @PostMapping("/v1/admin/api-keys/{key_id}/rate-limit")
  @Requires(Permission.LIMITS_WRITE)
  RateLimitEntry setKey(
      @PathVariable("key_id") String id,
      HttpServletRequest request,
      @AuthenticationPrincipal TenantAdmin caller) {
    return change(caller, paths.key(caller, id, Permission.LIMITS_WRITE), request);
  }

  @Operation(summary = "Removes what was set for an API key; the caps that it was made with stay")
  @DeleteMapping("/v1/admin/api-keys/{key_id}/rate-limit")
  @Requires(Permission.LIMITS_WRITE)
  RateLimitEntry clearKey(
      @PathVariable("key_id") String id, @AuthenticationPrincipal TenantAdmin caller) {
    return clear(caller, paths.key(caller, id, Permission.LIMITS_WRITE));
  }

  private RateLimitEntry entry(LimitTarget target) {
    return RateLimitEntry.of(target.scope(), desk.inForce(target), catalog);
  }

  private RateLimitEntry change(
      TenantAdmin caller, LimitTarget target, HttpServletRequest request) {
    RateLimitChange change =
        requests.object(
            request, RateLimitChange.FIELDS, fields -> RateLimitChange.read(fields, catalog));
    audited.runInTrail(
        change.describe(trace(caller, target, "rate_limit.rule.update")),
        () -> desk.change(target, change));
    return entry(target);
  }

  private RateLimitEntry clear(TenantAdmin caller, LimitTarget target) {
    audited.runInTrail(
        trace(caller, target, "rate_limit.rule.delete"),
        () -> desk.change(target, _ -> RateLimits.NONE));
    return entry(target);
  }

  private static AuditEntry trace(TenantAdmin caller, LimitTarget target, String action) {
    return LimitTraces.of(caller, target, action, TARGET_TYPE);
  }
}

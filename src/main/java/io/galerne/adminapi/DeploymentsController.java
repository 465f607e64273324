package io.galerne.adminapi;

import io.galerne.api.ApiException;
import io.galerne.api.ErrorEnvelope;
import io.galerne.api.FieldErrors;
import io.galerne.deployments.DeploymentService;
import io.galerne.deployments.SpecProblem;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Permission;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /v1/admin/deployments}, for a tenant's people to see, and {@code
 * /v1/admin/organizations/…/deployments}, for the operator to change. The official contract has
 * neither.
 */
@RestController
class DeploymentsController {
  private final DeploymentService deployments;
  private final AdminRequests requests;

  DeploymentsController(DeploymentService deployments, AdminRequests requests) {
    this.deployments = deployments;
    this.requests = requests;
  }

  record EntryList(String object, List<DeploymentEntry> data) {}

  @GetMapping("/v1/admin/deployments")
  @Requires(Permission.ORGANIZATION_READ)
  EntryList own(@AuthenticationPrincipal TenantAdmin caller) {
    return list(caller.tenantId());
  }

  @GetMapping("/v1/admin/deployments/{deployment_id}")
  @Requires(Permission.ORGANIZATION_READ)
  DeploymentEntry own(
      @PathVariable("deployment_id") String id, @AuthenticationPrincipal TenantAdmin caller) {
    return deployments
        .find(caller.tenantId(), Query.id("deployment_id", id))
        .map(DeploymentEntry::of)
        .orElseThrow(DeploymentsController::unknown);
  }

  @GetMapping("/v1/admin/organizations/{organization_uuid}/deployments")
  @Requires(Permission.TENANTS_READ)
  EntryList ofOrganization(@PathVariable("organization_uuid") String organization) {
    return list(Query.id("organization_uuid", organization));
  }

  private EntryList list(UUID tenantId) {
    return new EntryList(
        "list", deployments.list(tenantId).stream().map(DeploymentEntry::of).toList());
  }

  @PostMapping("/v1/admin/organizations/{organization_uuid}/deployments")
  @Requires(Permission.TENANTS_WRITE)
  DeploymentEntry create(
      @PathVariable("organization_uuid") String organization,
      HttpServletRequest request,
      @AuthenticationPrincipal PlatformOperator operator) {
    UUID tenantId = Query.id("organization_uuid", organization);
    DeploymentFields.Wanted wanted = wanted(request);
    return entry(deployments.create(operator, tenantId, wanted.spec(), wanted.credential()));
  }

  @PutMapping("/v1/admin/organizations/{organization_uuid}/deployments/{deployment_id}")
  @Requires(Permission.TENANTS_WRITE)
  DeploymentEntry replace(
      @PathVariable("organization_uuid") String organization,
      @PathVariable("deployment_id") String id,
      HttpServletRequest request,
      @AuthenticationPrincipal PlatformOperator operator) {
    UUID tenantId = Query.id("organization_uuid", organization);
    UUID deployment = Query.id("deployment_id", id);
    DeploymentFields.Wanted wanted = wanted(request);
    return entry(
        deployments.replace(operator, tenantId, deployment, wanted.spec(), wanted.credential()));
  }

  @DeleteMapping("/v1/admin/organizations/{organization_uuid}/deployments/{deployment_id}")
  @Requires(Permission.TENANTS_WRITE)
  ResponseEntity<Void> delete(
      @PathVariable("organization_uuid") String organization,
      @PathVariable("deployment_id") String id,
      @AuthenticationPrincipal PlatformOperator operator) {
    entry(
        deployments.delete(
            operator, Query.id("organization_uuid", organization), Query.id("deployment_id", id)));
    return ResponseEntity.noContent().build();
  }

  private DeploymentFields.Wanted wanted(HttpServletRequest request) {
    return requests.object(request, DeploymentFields.NAMES, DeploymentFields::read);
  }

  private static DeploymentEntry entry(DeploymentService.Outcome outcome) {
    return switch (outcome) {
      case DeploymentService.Done(DeploymentService.Seen seen) -> DeploymentEntry.of(seen);
      case DeploymentService.Unknown() -> throw unknown();
      case DeploymentService.Refused(List<SpecProblem> problems) -> throw refused(problems);
      case DeploymentService.OfFile() ->
          throw new ApiException(
              HttpStatus.CONFLICT,
              new ErrorEnvelope(
                  "This deployment is in the configuration file, and changed there",
                  "conflict",
                  null,
                  null));
    };
  }

  private static ApiException unknown() {
    return new ApiException(
        HttpStatus.NOT_FOUND, new ErrorEnvelope("Deployment not found", "not_found", null, null));
  }

  private static ApiException refused(List<SpecProblem> problems) {
    FieldErrors errors = new FieldErrors();
    for (SpecProblem problem : problems) {
      List<Object> place = new ArrayList<>(List.of("body"));
      place.addAll(List.of(problem.field().split("\\.")));
      errors.add("value_error", place, problem.message(), null);
    }
    errors.throwIfAny();
    throw new IllegalStateException("a refusal without a problem");
  }
}

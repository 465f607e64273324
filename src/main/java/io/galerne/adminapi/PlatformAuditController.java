package io.galerne.adminapi;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditTrails;
import io.galerne.audit.AuditedWork;
import io.galerne.audit.PlatformTrail;
import io.galerne.audit.Trail;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.Permission;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The platform's own trail as a whole, as {@link AuditTrailController} has a tenant's. */
@RestController
class PlatformAuditController {
  private final AuditTrails trails;
  private final AuditedWork audited;

  PlatformAuditController(AuditTrails trails, AuditedWork audited) {
    this.trails = trails;
    this.audited = audited;
  }

  @Operation(summary = "Looks the platform's trail through")
  @GetMapping("/v1/admin/platform/audit/verify")
  @Requires(Permission.TENANTS_READ)
  AuditTrailController.Checked verify() {
    return AuditTrailController.Checked.of(trails.verify(PlatformTrail.ID, Trail.EVENTS));
  }

  @Operation(summary = "The platform's trail as a file for galerne audit verify")
  @GetMapping("/v1/admin/platform/audit/export")
  @Requires(Permission.TENANTS_READ)
  void export(HttpServletResponse response, @AuthenticationPrincipal PlatformOperator operator)
      throws IOException {
    audited.runInTrail(
        AuditEntry.of(
            PlatformTrail.ID, operator.actor(), "audit.export", "ORGANIZATION", PlatformTrail.ID),
        () -> {});
    response.setContentType("application/jsonl");
    response.setHeader("Content-Disposition", "attachment; filename=\"platform.jsonl\"");
    trails.export(PlatformTrail.ID, Trail.EVENTS, response.getOutputStream());
  }
}

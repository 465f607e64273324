package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditedWork;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Permission;
import io.galerne.limits.LimitTarget;
import io.galerne.limits.SpendLimitDesk;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/admin/spend-limit}, and the same of a workspace and of a key. */
@RestController
class SpendLimitsController {
  private static final String AMOUNT = "amount";
  private static final String AMOUNT_MICROS = "amount_micros";
  private static final String UNLIMITED = "no_monthly_limit";
  private static final Set<String> FIELDS = Set.of(AMOUNT, AMOUNT_MICROS, UNLIMITED);
  private static final long MICROS = 1_000_000;

  private final AdminRequests requests;
  private final LimitPaths paths;
  private final SpendLimitDesk desk;
  private final AuditedWork audited;

  SpendLimitsController(
      AdminRequests requests, LimitPaths paths, SpendLimitDesk desk, AuditedWork audited) {
    this.requests = requests;
    this.paths = paths;
    this.desk = desk;
    this.audited = audited;
  }

  /** The body in the document: {@code amount} in whole units of the currency, or in micro-units. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Body(
      @JsonProperty(AMOUNT) @Nullable Long amount,
      @JsonProperty(AMOUNT_MICROS) @Nullable Long amountMicros,
      @JsonProperty(UNLIMITED) @Nullable Boolean noMonthlyLimit) {}

  /**
   * @param capMicros null for no cap
   */
  private record Wanted(@Nullable Long capMicros) {}

  @Operation(summary = "What the organization may spend this month, and what it has spent")
  @GetMapping("/v1/admin/spend-limit")
  @Requires(Permission.LIMITS_READ)
  SpendLimitEntry organization(@AuthenticationPrincipal TenantAdmin caller) {
    return entry(LimitTarget.organisation(caller.tenantId()));
  }

  @Operation(summary = "Sets what the organization may spend each month")
  @RequestBody(required = true, content = @Content(schema = @Schema(implementation = Body.class)))
  @PostMapping("/v1/admin/spend-limit")
  @Requires(Permission.SPEND_LIMITS_WRITE)
  SpendLimitEntry setOrganization(
      HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    return set(caller, LimitTarget.organisation(caller.tenantId()), request);
  }

  @Operation(summary = "What a workspace may spend this month, and what it has spent")
  @GetMapping("/v1/admin/workspaces/{workspace_uuid}/spend-limit")
  @Requires(value = Permission.LIMITS_READ, inWorkspace = true)
  SpendLimitEntry workspace(
      @PathVariable("workspace_uuid") String id, @AuthenticationPrincipal TenantAdmin caller) {
    return entry(paths.workspace(caller, id, Permission.LIMITS_READ));
  }

  @Operation(summary = "Sets what a workspace may spend each month")
  @RequestBody(required = true, content = @Content(schema = @Schema(implementation = Body.class)))
  @PostMapping("/v1/admin/workspaces/{workspace_uuid}/spend-limit")
  @Requires(Permission.SPEND_LIMITS_WRITE)
  SpendLimitEntry setWorkspace(
      @PathVariable("workspace_uuid") String id,
      HttpServletRequest request,
      @AuthenticationPrincipal TenantAdmin caller) {
    return set(caller, paths.workspace(caller, id, Permission.SPEND_LIMITS_WRITE), request);
  }

  @Operation(summary = "What an API key may spend this month, and what it has spent")
  @GetMapping("/v1/admin/api-keys/{key_id}/spend-limit")
  @Requires(value = Permission.LIMITS_READ, inWorkspace = true)
  SpendLimitEntry key(
      @PathVariable("key_id") String id, @AuthenticationPrincipal TenantAdmin caller) {
    return entry(paths.key(caller, id, Permission.LIMITS_READ));
  }

  @Operation(summary = "Sets what an API key and those it is rotated to may spend each month")
  @RequestBody(required = true, content = @Content(schema = @Schema(implementation = Body.class)))
  @PostMapping("/v1/admin/api-keys/{key_id}/spend-limit")
  @Requires(Permission.SPEND_LIMITS_WRITE)
  SpendLimitEntry setKey(
      @PathVariable("key_id") String id,
      HttpServletRequest request,
      @AuthenticationPrincipal TenantAdmin caller) {
    return set(caller, paths.key(caller, id, Permission.SPEND_LIMITS_WRITE), request);
  }

  private SpendLimitEntry entry(LimitTarget target) {
    return SpendLimitEntry.of(target.scope(), desk.of(target), desk.currency());
  }

  private SpendLimitEntry set(TenantAdmin caller, LimitTarget target, HttpServletRequest request) {
    Wanted wanted = requests.object(request, FIELDS, SpendLimitsController::wanted);
    Long cap = wanted.capMicros();
    AuditEntry entry =
        switch (target.scope()) {
          case ORGANISATION ->
              trace(caller, target, "billing.monthly_limit.updated", "MONTHLY_LIMIT");
          case WORKSPACE ->
              trace(
                  caller,
                  target,
                  "billing.workspace_monthly_limit.updated",
                  "WORKSPACE_MONTHLY_LIMIT");
          case KEY -> trace(caller, target, "billing.api_key_monthly_limit.updated", "API_KEY");
        };
    audited.runInTrail(
        entry.with("limit_micros", cap == null ? "none" : cap), () -> desk.set(target, cap));
    return entry(target);
  }

  private static AuditEntry trace(
      TenantAdmin caller, LimitTarget target, String action, String type) {
    return LimitTraces.of(caller, target, action, type);
  }

  /** The contract asks for an amount even where there is to be no limit; we do without it there. */
  private static Wanted wanted(Fields fields) {
    Long amount = fields.integer(AMOUNT, 0, SpendLimitDesk.CAP_MICROS_MAX / MICROS);
    Long micros = fields.integer(AMOUNT_MICROS, 0, SpendLimitDesk.CAP_MICROS_MAX);
    if (fields.flag(UNLIMITED)) {
      return new Wanted(null);
    }
    boolean neither = !fields.has(AMOUNT) && !fields.has(AMOUNT_MICROS);
    if (neither || fields.isNull(AMOUNT) || fields.isNull(AMOUNT_MICROS)) {
      fields.wrong(AMOUNT, "missing", "Field required");
    } else if (fields.has(AMOUNT) && fields.has(AMOUNT_MICROS)) {
      fields.wrong(AMOUNT_MICROS, "value_error", "Input should have one amount, not two");
    }
    return new Wanted(amount == null ? micros : Long.valueOf(amount * MICROS));
  }
}

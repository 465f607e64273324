package io.galerne.adminapi;

import io.galerne.api.ApiException;
import io.galerne.api.ErrorEnvelope;
import io.galerne.api.FieldErrors;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.Permission;
import io.galerne.limits.PlanDesk;
import io.galerne.limits.PlanTerms;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/admin/plans}, for the platform's operator: what organisations can be put on. */
@RestController
class PlansController {
  private static final int NAME_MAX = 50;
  private static final int VERSION_MAX = 1_000_000_000;

  private final PlanDesk plans;
  private final AdminRequests requests;

  PlansController(PlanDesk plans, AdminRequests requests) {
    this.plans = plans;
    this.requests = requests;
  }

  record PlanList(List<PlanEntry> data) {}

  private record Wanted(String name, @Nullable Integer version, PlanTerms terms) {}

  @GetMapping("/v1/admin/plans")
  @Requires(Permission.TENANTS_READ)
  PlanList list() {
    return new PlanList(plans.list().stream().map(PlanEntry::of).toList());
  }

  @GetMapping("/v1/admin/plans/{plan}")
  @Requires(Permission.TENANTS_READ)
  PlanEntry get(@PathVariable("plan") String name) {
    return plans.find(name).map(PlanEntry::of).orElseThrow(PlansController::unknown);
  }

  @PostMapping("/v1/admin/plans")
  @Requires(Permission.TENANTS_WRITE)
  PlanEntry create(HttpServletRequest request, @AuthenticationPrincipal PlatformOperator operator) {
    Wanted wanted =
        requests.object(
            request,
            with("name"),
            fields ->
                new Wanted(fields.requiredText("name", NAME_MAX), null, PlanEntry.terms(fields)));
    return saved(plans.create(operator, wanted.name(), wanted.terms()));
  }

  /** Replaces all terms; {@code version}, where it is given, must be the one that is in force. */
  @PutMapping("/v1/admin/plans/{plan}")
  @Requires(Permission.TENANTS_WRITE)
  PlanEntry change(
      @PathVariable("plan") String name,
      HttpServletRequest request,
      @AuthenticationPrincipal PlatformOperator operator) {
    Wanted wanted =
        requests.object(
            request,
            with("version"),
            fields -> {
              Long version = fields.integer("version", 1, VERSION_MAX);
              return new Wanted(
                  name, version == null ? null : version.intValue(), PlanEntry.terms(fields));
            });
    return saved(plans.change(operator, name, wanted.version(), wanted.terms()));
  }

  private static Set<String> with(String more) {
    Set<String> fields = new HashSet<>(PlanEntry.TERMS);
    fields.add(more);
    return fields;
  }

  private static PlanEntry saved(PlanDesk.Outcome outcome) {
    return switch (outcome) {
      case PlanDesk.Saved(var plan) -> PlanEntry.of(plan);
      case PlanDesk.Unknown _ -> throw unknown();
      case PlanDesk.Taken _ -> throw conflict("There is a plan of this name already", "name");
      case PlanDesk.Outdated(var now) ->
          throw conflict(
              "The plan was changed since: it is at version " + now.version(), "version");
      case PlanDesk.Invalid(var problems) -> {
        FieldErrors errors = new FieldErrors();
        problems.forEach(
            problem ->
                errors.add(
                    "value_error", List.of("body", problem.field()), problem.message(), null));
        errors.throwIfAny();
        throw new IllegalStateException("terms that are refused for no reason");
      }
    };
  }

  private static ApiException unknown() {
    return new ApiException(
        HttpStatus.NOT_FOUND, new ErrorEnvelope("There is no such plan", "not_found", null, null));
  }

  private static ApiException conflict(String message, String field) {
    return new ApiException(
        HttpStatus.CONFLICT, new ErrorEnvelope(message, "conflict", field, null));
  }
}

package io.galerne.console;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditedWork;
import io.galerne.identity.Page;
import io.galerne.identity.Permission;
import io.galerne.identity.WorkspaceDetails;
import io.galerne.identity.WorkspaceDirectory;
import io.galerne.limits.LimitTarget;
import io.galerne.limits.LimitTargets;
import io.galerne.limits.RateLimitDesk;
import io.galerne.limits.SpendLimit;
import io.galerne.limits.SpendLimitDesk;
import io.galerne.signin.Person;
import jakarta.servlet.http.HttpServletResponse;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** {@code /console/limits}: what may be spent and how fast, and how the month will end. */
@Controller
class LimitsPage {
  private static final int WORKSPACES_MAX = 100;

  private final SpendLimitDesk spendLimits;
  private final RateLimitDesk rateLimits;
  private final LimitTargets targets;
  private final WorkspaceDirectory workspaces;
  private final AuditedWork audited;
  private final Clock clock;

  LimitsPage(
      SpendLimitDesk spendLimits,
      RateLimitDesk rateLimits,
      LimitTargets targets,
      WorkspaceDirectory workspaces,
      AuditedWork audited,
      Clock clock) {
    this.spendLimits = spendLimits;
    this.rateLimits = rateLimits;
    this.targets = targets;
    this.workspaces = workspaces;
    this.audited = audited;
    this.clock = clock;
  }

  /**
   * A budget as it is shown.
   *
   * @param id of the workspace; empty for the organisation
   * @param own what was set, in units of the currency; empty for nothing
   * @param forecastMicros null as long as the month is too young to tell
   */
  record Budget(
      String id, String name, SpendLimit limit, String own, @Nullable Long forecastMicros) {
    /** How much of the cap is spent, in percent; more than 100 never. */
    public long percent() {
      Long cap = limit.limitMicros();
      return cap == null ? 0 : cap == 0 ? 100 : Math.min(100, 100 * limit.spentMicros() / cap);
    }

    /** Whether the month will end above the cap if it goes on like this. */
    public boolean overshoots() {
      Long cap = limit.limitMicros();
      return cap != null && forecastMicros != null && forecastMicros > cap;
    }
  }

  @GetMapping("/console/limits")
  @Needs(value = Permission.LIMITS_READ, inWorkspace = true)
  String page(@AuthenticationPrincipal Person person, Model page) {
    if (person.may(Permission.LIMITS_READ)) {
      LimitTarget all = LimitTarget.organisation(person.tenantId());
      page.addAttribute("organization", budget("", person.organization(), all));
      page.addAttribute("rates", rateLimits.inForce(all));
    }
    List<Budget> budgets = new ArrayList<>();
    for (WorkspaceDetails workspace :
        workspaces.list(person.admin(), new Page.Wanted(1, WORKSPACES_MAX), false, "").items()) {
      if (person.admin().mayIn(workspace.id(), Permission.LIMITS_READ)) {
        targets
            .workspace(person.tenantId(), workspace.id())
            .ifPresent(
                target -> budgets.add(budget(workspace.id().toString(), workspace.name(), target)));
      }
    }
    page.addAttribute("budgets", budgets);
    page.addAttribute("currency", spendLimits.currency());
    page.addAttribute("mayWrite", person.may(Permission.SPEND_LIMITS_WRITE));
    return "console/limits";
  }

  private Budget budget(String id, String name, LimitTarget target) {
    SpendLimit limit = spendLimits.of(target);
    Long own = limit.ownMicros();
    return new Budget(
        id,
        name,
        limit,
        own == null ? "" : BigDecimal.valueOf(own, 6).stripTrailingZeros().toPlainString(),
        Forecast.of(limit.month(), limit.spentMicros(), clock.instant()).micros());
  }

  @PostMapping("/console/limits/spend")
  @Needs(Permission.SPEND_LIMITS_WRITE)
  String setSpend(
      @AuthenticationPrincipal Person person,
      @RequestParam(defaultValue = "") String workspace,
      @RequestParam(defaultValue = "") String amount,
      Model page,
      HttpServletResponse response) {
    Long micros = KeyForm.micros(amount.strip());
    Optional<LimitTarget> target =
        workspace.isEmpty()
            ? Optional.of(LimitTarget.organisation(person.tenantId()))
            : Optional.ofNullable(UsageFilter.id(workspace))
                .flatMap(id -> targets.workspace(person.tenantId(), id));
    if ((micros != null && micros < 0) || target.isEmpty()) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      page.addAttribute("problem", "limits.wrong.amount");
      return page(person, page);
    }
    set(person, target.get(), micros);
    return "redirect:/console/limits?said=set";
  }

  private void set(Person person, LimitTarget target, @Nullable Long micros) {
    UUID workspace = target.workspaceId();
    AuditEntry entry =
        AuditEntry.of(
                person.tenantId(),
                person.admin().actor(),
                workspace == null
                    ? "billing.monthly_limit.updated"
                    : "billing.workspace_monthly_limit.updated",
                workspace == null ? "MONTHLY_LIMIT" : "WORKSPACE_MONTHLY_LIMIT",
                target.scopeId())
            .with("scope", target.scope().toString())
            .with("limit_micros", micros == null ? "none" : micros);
    audited.runInTrail(
        workspace == null ? entry : entry.inWorkspace(workspace),
        () -> spendLimits.set(target, micros));
  }
}

package io.galerne.operations;

import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.Organization;
import io.galerne.identity.Organizations;
import io.galerne.limits.LimitTarget;
import io.galerne.limits.PlanDesk;
import io.galerne.limits.Plans;
import io.galerne.limits.RateLimitDesk;
import io.galerne.limits.SpendLimit;
import io.galerne.limits.SpendLimitDesk;
import io.galerne.metering.UsageReport;
import io.galerne.metering.UsageTotal;
import jakarta.servlet.http.HttpServletResponse;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** {@code /operator/tenants/{id}}: one tenant, its plan and its state. */
@Controller
class TenantPage {
  private static final String PAGE = "operator/tenant";
  private static final int NAME_CHARS_MAX = 200;

  private final Organizations organizations;
  private final TenantInsight insight;
  private final UsageReport usage;
  private final SpendLimitDesk spendLimits;
  private final RateLimitDesk rateLimits;
  private final PlanDesk desk;
  private final Plans plans;

  TenantPage(
      Organizations organizations,
      TenantInsight insight,
      UsageReport usage,
      SpendLimitDesk spendLimits,
      RateLimitDesk rateLimits,
      PlanDesk desk,
      Plans plans) {
    this.organizations = organizations;
    this.insight = insight;
    this.usage = usage;
    this.spendLimits = spendLimits;
    this.rateLimits = rateLimits;
    this.desk = desk;
    this.plans = plans;
  }

  @GetMapping("/operator/tenants/{id}")
  String page(PlatformOperator operator, @PathVariable String id, Model model) {
    return show(operator, Typed.id(id), model);
  }

  private String show(PlatformOperator operator, UUID id, Model model) {
    Organization tenant = organizations.get(operator, id);
    TenantInsight.Census census = insight.of(operator, id);
    SpendLimit spend = spendLimits.of(LimitTarget.organisation(id));
    LocalDate from = spend.month().atDay(1);
    List<UsageTotal> models =
        usage.totals(id, from, from.plusMonths(1), Set.of(UsageReport.Dimension.MODEL), null);
    model.addAttribute("tenant", tenant);
    model.addAttribute("census", census);
    model.addAttribute("spend", spend);
    model.addAttribute("rates", rateLimits.inForce(LimitTarget.organisation(id)));
    model.addAttribute("models", models);
    model.addAttribute("requests", models.stream().mapToLong(UsageTotal::requests).sum());
    model.addAttribute(
        "tokens",
        models.stream().mapToLong(one -> one.promptTokens() + one.completionTokens()).sum());
    List<String> names = new ArrayList<>();
    names.add(Plans.TIERED);
    desk.list().forEach(plan -> names.add(plan.id()));
    model.addAttribute("plans", names);
    return PAGE;
  }

  @PostMapping("/operator/tenants/{id}")
  String update(
      PlatformOperator operator,
      @PathVariable String id,
      @RequestParam(defaultValue = "") String name,
      @RequestParam(defaultValue = "") String plan,
      Model model,
      HttpServletResponse response) {
    UUID tenant = Typed.id(id);
    Organization before = organizations.get(operator, tenant);
    String called = Typed.text(name, NAME_CHARS_MAX + 1);
    boolean goodName = !called.isEmpty() && called.length() <= NAME_CHARS_MAX;
    if (!goodName || !plans.exists(plan)) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("wrong", goodName ? "plan" : "name");
      return show(operator, tenant, model);
    }
    boolean renamed = !called.equals(before.name());
    boolean moved = !plan.equals(before.plan());
    if (renamed || moved) {
      organizations.update(
          operator,
          tenant,
          new Organizations.Update(renamed ? called : null, moved ? plan : null, null));
    }
    return back(tenant, "saved");
  }

  @PostMapping("/operator/tenants/{id}/suspend")
  String suspend(PlatformOperator operator, @PathVariable String id) {
    return set(operator, id, true);
  }

  @PostMapping("/operator/tenants/{id}/resume")
  String resume(PlatformOperator operator, @PathVariable String id) {
    return set(operator, id, false);
  }

  private String set(PlatformOperator operator, String id, boolean suspended) {
    UUID tenant = Typed.id(id);
    organizations.update(operator, tenant, new Organizations.Update(null, null, suspended));
    return back(tenant, suspended ? "suspended" : "resumed");
  }

  @PostMapping("/operator/tenants/{id}/owner")
  String inviteOwner(
      PlatformOperator operator,
      @PathVariable String id,
      @RequestParam(defaultValue = "") String email,
      Model model,
      HttpServletResponse response) {
    UUID tenant = Typed.id(id);
    Optional<String> address = Typed.email(email);
    if (address.isEmpty()) {
      organizations.get(operator, tenant);
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("wrong", "email");
      model.addAttribute("email", email);
      return show(operator, tenant, model);
    }
    var sent = organizations.inviteOwner(operator, tenant, address.get());
    model.addAttribute("ownerEmail", address.get());
    model.addAttribute("ownerLink", TenantsPage.invitationLink(sent));
    return show(operator, tenant, model);
  }

  private static String back(UUID tenant, String said) {
    return "redirect:/operator/tenants/" + tenant + "?said=" + said;
  }
}

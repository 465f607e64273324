package io.galerne.console;

import io.galerne.identity.Permission;
import io.galerne.limits.LimitTarget;
import io.galerne.limits.SpendLimit;
import io.galerne.limits.SpendLimitDesk;
import io.galerne.metering.UsageRecord;
import io.galerne.metering.UsageReport;
import io.galerne.metering.UsageReport.Dimension;
import io.galerne.metering.UsageTotal;
import io.galerne.signin.Person;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** {@code /console}: what happens now, what the month costs so far, what went wrong. */
@Controller
class OverviewPage {
  private static final int DAYS = 30;

  /** Answers that came to an end of their own, or to the length that was asked for. */
  private static final Set<String> COMPLETED =
      Set.of(UsageRecord.Outcome.STOP.name(), UsageRecord.Outcome.LENGTH.name());

  private final TenantFigures figures;
  private final UsageReport report;
  private final SpendLimitDesk limits;
  private final ChartData charts;
  private final Clock clock;

  OverviewPage(
      TenantFigures figures,
      UsageReport report,
      SpendLimitDesk limits,
      ChartData charts,
      Clock clock) {
    this.figures = figures;
    this.report = report;
    this.limits = limits;
    this.charts = charts;
    this.clock = clock;
  }

  @GetMapping("/console")
  @Needs(value = Permission.USAGE_READ, inWorkspace = true)
  String page(@AuthenticationPrincipal Person person, Model page) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    LocalDate from = today.minusDays(DAYS - 1);
    Set<UUID> workspaces = person.admin().workspacesFor(Permission.USAGE_READ);
    List<UsageTotal> days =
        report.totals(
            person.tenantId(), from, today.plusDays(1), Set.of(Dimension.DAY), workspaces);
    List<UsageTotal> models =
        report.totals(
            person.tenantId(), from, today.plusDays(1), Set.of(Dimension.MODEL), workspaces);
    page.addAttribute("chart", charts.days(from, today, days));
    page.addAttribute("models", models);
    page.addAttribute("requests", days.stream().mapToLong(UsageTotal::requests).sum());
    page.addAttribute("everUsed", !days.isEmpty());
    addNow(person, page);
    return "console/overview";
  }

  /** The part that is read again every few seconds. */
  @GetMapping("/console/live")
  @Needs(value = Permission.USAGE_READ, inWorkspace = true)
  String live(@AuthenticationPrincipal Person person, Model page) {
    addNow(person, page);
    return "console/overview :: live";
  }

  private void addNow(Person person, Model page) {
    boolean whole = person.may(Permission.USAGE_READ);
    page.addAttribute("whole", whole);
    if (whole) {
      SpendLimit spend = limits.of(LimitTarget.organisation(person.tenantId()));
      Map<String, Long> outcomes = figures.outcomes(person.tenantId());
      outcomes.keySet().removeAll(COMPLETED);
      page.addAttribute("now", figures.now(person.tenantId()));
      page.addAttribute("spend", spend);
      page.addAttribute(
          "forecast", Forecast.of(spend.month(), spend.spentMicros(), clock.instant()).micros());
      page.addAttribute("outcomes", outcomes);
      page.addAttribute("failed", outcomes.values().stream().mapToLong(Long::longValue).sum());
    }
  }
}

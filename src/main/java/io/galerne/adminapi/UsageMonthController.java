package io.galerne.adminapi;

import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Permission;
import io.galerne.metering.PriceBook;
import io.galerne.metering.UsageReport;
import io.galerne.metering.UsageReport.Dimension;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/admin/usage} as the contract has it; {@link UsageController} has what it hasn't. */
@RestController
class UsageMonthController {
  private static final int YEAR_MIN = 2000;
  private static final int YEAR_MAX = 9998;
  private static final String GLOBAL = "global";
  private static final Set<String> ZONES = Set.of(GLOBAL, "us", "eu");

  private final UsageReport report;
  private final PriceBook prices;
  private final Clock clock;

  UsageMonthController(UsageReport report, PriceBook prices, Clock clock) {
    this.report = report;
    this.prices = prices;
    this.clock = clock;
  }

  @Operation(summary = "What was used in a month, by model and day")
  @Parameter(name = "month", in = ParameterIn.QUERY, description = "1 to 12; without, this one")
  @Parameter(name = "year", in = ParameterIn.QUERY, description = "Without, this one")
  @Parameter(name = "workspace_id", in = ParameterIn.QUERY, description = "Of one workspace only")
  @Parameter(
      name = "api_zone",
      in = ParameterIn.QUERY,
      description = "An installation is one zone, global: nothing was used in eu or us")
  @GetMapping("/v1/admin/usage")
  @Requires(value = Permission.USAGE_READ, inWorkspace = true)
  UsageMonth usage(HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    Query query = Query.of(request);
    YearMonth present = YearMonth.now(clock.withZone(ZoneOffset.UTC));
    YearMonth month =
        YearMonth.of(
            query.integer("year", present.getYear(), YEAR_MIN, YEAR_MAX),
            query.integer("month", present.getMonthValue(), 1, 12));
    UUID workspace = Days.id(query, "workspace_id");
    String zone = query.text("api_zone");
    query.check();
    if (zone != null && !ZONES.contains(zone)) {
      throw Days.wrong("query", "api_zone", "Input should be 'global', 'us' or 'eu'", zone);
    }
    boolean here = zone == null || zone.equals(GLOBAL);
    LocalDate first = month.atDay(1);
    return UsageMonth.of(
        month,
        clock.instant(),
        here
            ? report.totals(
                caller.tenantId(),
                first,
                first.plusMonths(1),
                EnumSet.of(Dimension.DAY, Dimension.MODEL, Dimension.SERVICE_CLASS),
                workspaces(caller, workspace))
            : List.of(),
        prices.current(),
        prices.currency());
  }

  /** The workspaces to look at: a foreign one is one in which nothing was used. */
  static @Nullable Set<UUID> workspaces(TenantAdmin caller, @Nullable UUID asked) {
    Set<UUID> allowed = caller.workspacesFor(Permission.USAGE_READ);
    if (asked == null) {
      return allowed;
    }
    return allowed == null || allowed.contains(asked) ? Set.of(asked) : Set.of();
  }
}

package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Permission;
import io.galerne.metering.LedgerLines;
import io.galerne.metering.PriceBook;
import io.galerne.metering.UsageReport;
import io.galerne.metering.UsageReport.Dimension;
import io.galerne.metering.UsageTotal;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/admin/usage}: what was used, as sums and down to single requests. */
@RestController
class UsageController {
  private static final int PAGE_SIZE_MAX = 1_000;
  private static final int PAGE_SIZE = 100;
  private static final int PAGE_MAX = 10_000;
  private static final int DAYS_MAX = 3_700;

  private final UsageReport report;
  private final LedgerLines lines;
  private final PriceBook prices;
  private final Clock clock;

  UsageController(UsageReport report, LedgerLines lines, PriceBook prices, Clock clock) {
    this.report = report;
    this.lines = lines;
    this.prices = prices;
    this.clock = clock;
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Total(
      @Nullable LocalDate day,
      @Nullable String model,
      @JsonProperty("workspace_id") @Nullable UUID workspaceId,
      @JsonProperty("api_key_id") @Nullable UUID apiKeyId,
      @Nullable String service,
      @JsonProperty("service_class") @Nullable String serviceClass,
      long requests,
      @JsonProperty("prompt_tokens") long promptTokens,
      @JsonProperty("cached_prompt_tokens") long cachedPromptTokens,
      @JsonProperty("completion_tokens") long completionTokens,
      @JsonProperty("cost_micros") long costMicros) {
    static Total of(UsageTotal total) {
      return new Total(
          total.day(),
          total.model(),
          total.workspaceId(),
          total.apiKeyId(),
          lower(total.service()),
          lower(total.serviceClass()),
          total.requests(),
          total.promptTokens(),
          total.cachedPromptTokens(),
          total.completionTokens(),
          total.costMicros());
    }
  }

  record Totals(LocalDate from, LocalDate to, String currency, List<Total> data) {}

  /** Sums of days, {@code to} included, broken down {@code by} what is asked for. */
  @GetMapping("/v1/admin/usage/totals")
  @Requires(value = Permission.USAGE_READ, inWorkspace = true)
  Totals totals(HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    Query query = Query.of(request);
    LocalDate from = Days.day(query, "from", Days.firstOfMonth(clock));
    LocalDate to = Days.day(query, "to", from.plusMonths(1).minusDays(1));
    query.check();
    if (to.isBefore(from) || from.plusDays(DAYS_MAX).isBefore(to)) {
      throw Days.wrong(
          "query", "to", "Input should be a day after from, at most ten years", "" + to);
    }
    return new Totals(
        from,
        to,
        prices.currency(),
        report
            .totals(
                caller.tenantId(),
                from,
                to.plusDays(1),
                dimensions(query.text("by")),
                UsageMonthController.workspaces(caller, Days.id(query, "workspace_id")))
            .stream()
            .map(Total::of)
            .toList());
  }

  private static Set<Dimension> dimensions(@Nullable String by) {
    Set<Dimension> dimensions = EnumSet.noneOf(Dimension.class);
    for (String name : by == null ? List.of("day", "model") : Arrays.asList(by.split(","))) {
      Dimension dimension =
          Arrays.stream(Dimension.values())
              .filter(value -> name.strip().equals(lower(value)))
              .findFirst()
              .orElse(null);
      if (dimension == null) {
        throw Days.wrong(
            "query",
            "by",
            "Input should be some of day, model, workspace, api_key, service, service_class",
            name);
      }
      dimensions.add(dimension);
    }
    return dimensions;
  }

  record Requests(List<LedgerEntry> data, int page, @JsonProperty("page_size") int pageSize) {}

  /** Single requests, the newest or the costliest first. */
  @GetMapping("/v1/admin/usage/requests")
  @Requires(Permission.USAGE_READ)
  Requests requests(HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    Query query = Query.of(request);
    String order = query.text("order");
    if (order != null && !order.equals("cost") && !order.equals("newest")) {
      throw Days.wrong("query", "order", "Input should be 'cost' or 'newest'", order);
    }
    int page = query.integer("page", 1, 1, PAGE_MAX);
    int size = query.integer("page_size", PAGE_SIZE, 1, PAGE_SIZE_MAX);
    LocalDate from = Days.day(query, "from", Days.firstOfMonth(clock));
    LocalDate to = Days.day(query, "to", from.plusMonths(1).minusDays(1));
    LedgerLines.Filter filter =
        new LedgerLines.Filter(
            from,
            to.plusDays(1),
            query.text("model"),
            Days.id(query, "workspace_id"),
            Days.id(query, "api_key_id"),
            null,
            null,
            null);
    query.check();
    return new Requests(
        lines
            .list(
                caller.tenantId(),
                filter,
                "cost".equals(order) ? LedgerLines.Order.COSTLIEST : LedgerLines.Order.NEWEST,
                size,
                (page - 1) * size)
            .stream()
            .map(LedgerEntry::of)
            .toList(),
        page,
        size);
  }

  private static @Nullable String lower(@Nullable Enum<?> value) {
    return value == null ? null : value.name().toLowerCase(Locale.ROOT);
  }
}

package io.galerne.console;

import io.galerne.identity.KeyNames;
import io.galerne.identity.Permission;
import io.galerne.identity.WorkspaceDetails;
import io.galerne.identity.WorkspaceDirectory;
import io.galerne.metering.UsageReport;
import io.galerne.metering.UsageReport.Dimension;
import io.galerne.metering.UsageTotal;
import io.galerne.signin.Person;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** {@code /console/usage}: what was used, by day, model, workspace and key. */
@Controller
class UsagePage {
  private static final int ROWS_MAX = 100;
  private static final int WORKSPACES_MAX = 1_000;

  private final UsageReport report;
  private final WorkspaceDirectory workspaces;
  private final KeyNames keyNames;
  private final ChartData charts;
  private final Clock clock;

  UsagePage(
      UsageReport report,
      WorkspaceDirectory workspaces,
      KeyNames keyNames,
      ChartData charts,
      Clock clock) {
    this.report = report;
    this.workspaces = workspaces;
    this.keyNames = keyNames;
    this.charts = charts;
    this.clock = clock;
  }

  /**
   * A row of the table.
   *
   * @param narrowed the value of the filter that shows this row alone; null for a day
   */
  record Row(String name, boolean person, @Nullable String narrowed, UsageTotal total) {}

  @GetMapping("/console/usage")
  @Needs(value = Permission.USAGE_READ, inWorkspace = true)
  String page(
      @AuthenticationPrincipal Person person,
      @RequestParam MultiValueMap<String, String> query,
      Model page) {
    UsageFilter filter = UsageFilter.of(query, clock);
    List<Row> rows = rows(person, filter);
    List<UsageTotal> days =
        filter.by() == Dimension.DAY
            ? rows.stream().map(Row::total).toList()
            : totals(person, filter, Dimension.DAY);
    page.addAttribute("filter", filter);
    page.addAttribute("mayOpen", person.may(Permission.USAGE_READ));
    page.addAttribute("chart", charts.days(filter.from(), filter.to(), days));
    page.addAttribute("rows", rows.subList(0, Math.min(rows.size(), ROWS_MAX)));
    page.addAttribute("left", Math.max(0, rows.size() - ROWS_MAX));
    page.addAttribute("sum", Sum.of(rows));
    page.addAttribute("workspaces", workspaceNames(person));
    page.addAttribute(
        "models",
        totals(
                person,
                new UsageFilter(filter.from(), filter.to(), filter.by(), null, null, null),
                Dimension.MODEL)
            .stream()
            .map(UsageTotal::model)
            .toList());
    UUID key = filter.key();
    page.addAttribute(
        "keyName", key == null ? null : keyNames.of(person.tenantId(), Set.of(key)).get(key));
    return "console/usage";
  }

  /** All rows, for a spreadsheet. */
  @GetMapping("/console/usage.csv")
  @Needs(value = Permission.USAGE_READ, inWorkspace = true)
  ResponseEntity<String> csv(
      @AuthenticationPrincipal Person person, @RequestParam MultiValueMap<String, String> query) {
    UsageFilter filter = UsageFilter.of(query, clock);
    String name = "usage-" + filter.from() + "-" + filter.to() + "-by-" + filter.byName() + ".csv";
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType("text/csv;charset=utf-8"))
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
        .body(UsageCsv.of(filter.byName(), rows(person, filter)));
  }

  /** What all rows come to. */
  record Sum(
      long requests, long promptTokens, long cachedTokens, long completionTokens, long costMicros) {
    static Sum of(List<Row> rows) {
      return new Sum(
          rows.stream().mapToLong(row -> row.total().requests()).sum(),
          rows.stream().mapToLong(row -> row.total().promptTokens()).sum(),
          rows.stream().mapToLong(row -> row.total().cachedPromptTokens()).sum(),
          rows.stream().mapToLong(row -> row.total().completionTokens()).sum(),
          rows.stream().mapToLong(row -> row.total().costMicros()).sum());
    }
  }

  private List<Row> rows(Person person, UsageFilter filter) {
    List<UsageTotal> totals = totals(person, filter, filter.by());
    return switch (filter.by()) {
      case DAY ->
          totals.stream()
              .sorted(
                  Comparator.comparing(
                      UsageTotal::day, Comparator.nullsLast(Comparator.reverseOrder())))
              .map(total -> new Row(String.valueOf(total.day()), false, null, total))
              .toList();
      case WORKSPACE -> {
        Map<UUID, String> names = workspaceNames(person);
        yield costliest(
            totals,
            total -> {
              String id = String.valueOf(total.workspaceId());
              return new Row(names.getOrDefault(total.workspaceId(), id), false, id, total);
            });
      }
      case API_KEY -> {
        Map<UUID, KeyNames.Name> names =
            keyNames.of(
                person.tenantId(),
                totals.stream()
                    .map(UsageTotal::apiKeyId)
                    .filter(Objects::nonNull)
                    .collect(Collectors.toSet()));
        yield costliest(
            totals,
            total -> {
              String id = String.valueOf(total.apiKeyId());
              KeyNames.Name name =
                  names.getOrDefault(total.apiKeyId(), new KeyNames.Name(id, false));
              return new Row(name.text(), name.person(), id, total);
            });
      }
      case MODEL, SERVICE, SERVICE_CLASS ->
          costliest(
              totals, total -> new Row(String.valueOf(total.model()), false, total.model(), total));
    };
  }

  private static List<Row> costliest(List<UsageTotal> totals, Function<UsageTotal, Row> row) {
    return totals.stream()
        .sorted(
            Comparator.comparing(UsageTotal::costPicos)
                .thenComparingLong(UsageTotal::requests)
                .reversed())
        .map(row)
        .toList();
  }

  private List<UsageTotal> totals(Person person, UsageFilter filter, Dimension by) {
    Set<UUID> allowed = person.admin().workspacesFor(Permission.USAGE_READ);
    UUID asked = filter.workspace();
    Set<UUID> within =
        asked == null
            ? allowed
            : allowed == null || allowed.contains(asked) ? Set.of(asked) : Set.of();
    return report.totalsWithin(
        person.tenantId(),
        filter.from(),
        filter.to().plusDays(1),
        Set.of(by),
        new UsageReport.Within(within, filter.model(), filter.key()));
  }

  private Map<UUID, String> workspaceNames(Person person) {
    Map<UUID, String> names = new LinkedHashMap<>();
    for (WorkspaceDetails workspace :
        workspaces
            .list(person.admin(), new io.galerne.identity.Page.Wanted(1, WORKSPACES_MAX), true, "")
            .items()) {
      names.put(workspace.id(), workspace.name());
    }
    return names;
  }
}

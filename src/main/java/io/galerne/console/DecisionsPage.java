package io.galerne.console;

import io.galerne.identity.Permission;
import io.galerne.moderation.DecisionDesk;
import io.galerne.moderation.PolicyNames;
import io.galerne.signin.Person;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.json.JsonMapper;

/** {@code /console/policies/decisions}: what policies decided, as sums and one by one. */
@Controller
class DecisionsPage {
  private static final int PAGE_SIZE = 50;
  private static final int EXPORT_MAX = 10_000;
  private static final int SERIES_MAX = 4;
  private static final String ALL = "all";
  private static final List<String> DETECTORS =
      List.of(
          "phrases",
          "regex",
          "pii",
          "secrets",
          "injection",
          "language",
          "similarity",
          "guardmodel",
          "remote");

  private static final List<String> ACTIONS = List.of("flag", "replace", "redact", "block");

  private final DecisionDesk desk;
  private final PolicyNames names;
  private final Clock clock;
  private final JsonMapper json;

  DecisionsPage(DecisionDesk desk, PolicyNames names, Clock clock, JsonMapper json) {
    this.desk = desk;
    this.names = names;
    this.clock = clock;
    this.json = json;
  }

  /**
   * Decisions of a category.
   *
   * @param percent of the category that has most
   */
  record Category(String name, long count, long blocked, long percent) {}

  @GetMapping("/console/policies/decisions")
  @Needs(Permission.POLICIES_READ)
  String page(
      @AuthenticationPrincipal Person person,
      @RequestParam MultiValueMap<String, String> query,
      Model page) {
    DecisionFilter filter = DecisionFilter.of(query, clock);
    List<Map<String, @Nullable Object>> counts =
        desk.counts(person.admin(), filter.from(), filter.to());
    List<Category> categories = categories(counts);
    List<Map<String, @Nullable Object>> rows =
        desk.rows(person.admin(), filter.wanted(PAGE_SIZE + 1));
    List<Map<String, @Nullable Object>> shown = rows.subList(0, Math.min(PAGE_SIZE, rows.size()));
    page.addAttribute("filter", filter);
    page.addAttribute("categories", categories);
    page.addAttribute("series", series(categories));
    page.addAttribute("chart", chart(filter, counts, series(categories)));
    page.addAttribute("all", categories.stream().mapToLong(Category::count).sum());
    page.addAttribute("detectors", DETECTORS);
    page.addAttribute("actions", ACTIONS);
    page.addAttribute("rows", shown);
    page.addAttribute("names", names(person, shown));
    page.addAttribute("more", rows.size() > PAGE_SIZE ? shown.getLast().get("id") : null);
    return "console/decisions";
  }

  private static List<Category> categories(List<Map<String, @Nullable Object>> counts) {
    Map<String, long[]> sums = new TreeMap<>();
    for (Map<String, @Nullable Object> count : counts) {
      long[] sum = sums.computeIfAbsent(String.valueOf(count.get("category")), _ -> new long[2]);
      sum[0] += number(count);
      sum[1] += "block".equals(count.get("action")) ? number(count) : 0;
    }
    long most = sums.values().stream().mapToLong(sum -> sum[0]).max().orElse(1);
    List<Category> categories = new ArrayList<>();
    sums.forEach(
        (name, sum) -> categories.add(new Category(name, sum[0], sum[1], 100 * sum[0] / most)));
    categories.sort(Comparator.comparingLong(Category::count).reversed());
    return categories;
  }

  private static long number(Map<String, @Nullable Object> count) {
    return ((Number) Objects.requireNonNull(count.get("decisions"))).longValue();
  }

  /** The categories that the chart can show apart. */
  private static List<String> series(List<Category> categories) {
    return categories.stream().limit(SERIES_MAX).map(Category::name).toList();
  }

  /** By day, as the chart's script reads it; days without decisions are zeros. */
  private String chart(
      DecisionFilter filter, List<Map<String, @Nullable Object>> counts, List<String> series) {
    Map<String, Map<String, Long>> byName = new LinkedHashMap<>();
    byName.put(ALL, new TreeMap<>());
    series.forEach(name -> byName.put("category-" + name, new TreeMap<>()));
    for (Map<String, @Nullable Object> count : counts) {
      String day = String.valueOf(count.get("day"));
      Objects.requireNonNull(byName.get(ALL)).merge(day, number(count), Long::sum);
      byName.computeIfPresent(
          "category-" + count.get("category"),
          (_, days) -> {
            days.merge(day, number(count), Long::sum);
            return days;
          });
    }
    List<LocalDate> days = filter.from().datesUntil(filter.to().plusDays(1)).toList();
    Map<String, List<Long>> drawn = new LinkedHashMap<>();
    drawn.put(
        "days",
        days.stream().map(day -> day.atStartOfDay(ZoneOffset.UTC).toEpochSecond()).toList());
    byName.forEach(
        (name, sums) ->
            drawn.put(
                name, days.stream().map(day -> sums.getOrDefault(day.toString(), 0L)).toList()));
    return json.writeValueAsString(drawn);
  }

  private Map<String, PolicyNames.Named> names(
      Person person, List<Map<String, @Nullable Object>> rows) {
    String hashes =
        rows.stream()
            .map(row -> String.valueOf(row.get("policy_version")))
            .distinct()
            .collect(Collectors.joining(","));
    return names.of(person.tenantId(), hashes).stream()
        .collect(Collectors.toMap(PolicyNames.Named::hash, name -> name, (one, _) -> one));
  }

  /** A file for audits, of what the filters leave. */
  @GetMapping("/console/policies/decisions/export")
  @Needs(Permission.POLICIES_READ)
  ResponseEntity<Object> export(
      @AuthenticationPrincipal Person person, @RequestParam MultiValueMap<String, String> query) {
    boolean lines = "jsonl".equals(query.getFirst("format"));
    return desk.decisions(
        person.admin(),
        DecisionFilter.of(query, clock).wanted(EXPORT_MAX),
        lines ? DecisionDesk.Format.JSONL : DecisionDesk.Format.CSV);
  }
}

package io.galerne.console;

import io.galerne.identity.KeyNames;
import io.galerne.identity.Permission;
import io.galerne.identity.WorkspaceDetails;
import io.galerne.identity.WorkspaceDirectory;
import io.galerne.metering.LedgerLine;
import io.galerne.metering.LedgerLines;
import io.galerne.signin.Person;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** {@code /console/requests}: single requests, the newest or the costliest first. */
@Controller
class RequestsPage {
  private static final int PAGE_SIZE = 50;
  private static final int PAGES_MAX = 1_000;
  private static final int WORKSPACES_MAX = 1_000;

  private final LedgerLines lines;
  private final KeyNames keyNames;
  private final WorkspaceDirectory workspaces;
  private final Clock clock;

  RequestsPage(LedgerLines lines, KeyNames keyNames, WorkspaceDirectory workspaces, Clock clock) {
    this.lines = lines;
    this.keyNames = keyNames;
    this.workspaces = workspaces;
    this.clock = clock;
  }

  @GetMapping("/console/requests")
  @Needs(Permission.USAGE_READ)
  String page(
      @AuthenticationPrincipal Person person,
      @RequestParam MultiValueMap<String, String> query,
      Model page) {
    UsageFilter filter = UsageFilter.of(query, clock);
    boolean costliest = "cost".equals(query.getFirst("order")); // reads all lines of the period
    String wanted = query.getFirst("page");
    int number =
        wanted != null && wanted.matches("\\d{1,4}")
            ? Math.clamp(Integer.parseInt(wanted), 1, PAGES_MAX)
            : 1;
    List<LedgerLine> found =
        lines.list(
            person.tenantId(),
            new LedgerLines.Filter(
                filter.from(),
                filter.to().plusDays(1),
                filter.model(),
                filter.workspace(),
                filter.key(),
                null,
                null,
                null),
            costliest ? LedgerLines.Order.COSTLIEST : LedgerLines.Order.NEWEST,
            PAGE_SIZE + 1,
            (number - 1) * PAGE_SIZE);
    List<LedgerLine> shown = found.subList(0, Math.min(PAGE_SIZE, found.size()));
    Set<UUID> keys = shown.stream().map(LedgerLine::apiKeyId).collect(Collectors.toSet());
    if (filter.key() != null) {
      keys.add(filter.key());
    }
    page.addAttribute("filter", filter);
    page.addAttribute("order", costliest ? "cost" : "newest");
    page.addAttribute("requests", shown);
    page.addAttribute("keys", keyNames.of(person.tenantId(), keys));
    page.addAttribute("workspaces", workspaceNames(person));
    page.addAttribute("number", number);
    page.addAttribute("more", found.size() > PAGE_SIZE && number < PAGES_MAX);
    return "console/requests";
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

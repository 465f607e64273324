package io.galerne.console;

import io.galerne.audit.Actor;
import io.galerne.audit.AuditEvents;
import io.galerne.audit.AuditSettings;
import io.galerne.audit.AuditTrails;
import io.galerne.audit.Trail;
import io.galerne.audit.Verdict;
import io.galerne.identity.MemberDetails;
import io.galerne.identity.MemberDirectory;
import io.galerne.identity.Page;
import io.galerne.identity.Permission;
import io.galerne.signin.Person;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.json.JsonMapper;

/** {@code /console/audit}: who changed what, and whether the trail is whole. */
@Controller
class AuditPage {
  private static final int PAGE_SIZE = 100;
  private static final int MEMBERS_MAX = 1_000;
  private static final int CHARS_MAX = 100;

  /**
   * Rows of the same moment as a page's last one are on the next page again, rather than on none.
   */
  private static final Duration CLOCK_TICK = Duration.ofNanos(1_000);

  private final AuditEvents events;
  private final AuditTrails trails;
  private final MemberDirectory members;
  private final AuditSettings settings;
  private final JsonMapper json;

  AuditPage(
      AuditEvents events,
      AuditTrails trails,
      MemberDirectory members,
      AuditSettings settings,
      JsonMapper json) {
    this.events = events;
    this.trails = trails;
    this.members = members;
    this.settings = settings;
    this.json = json;
  }

  /**
   * A row of the trail as it is shown.
   *
   * @param actor a member's address; null for others
   */
  record Row(
      long seq,
      Instant at,
      Actor.Kind kind,
      @Nullable String actor,
      @Nullable String address,
      String action,
      String targetType,
      @Nullable String targetId,
      String details) {
    /** Where there is more about the target; null where nothing is. */
    public @Nullable String page() {
      return switch (targetId == null ? "" : targetType) {
        case "REQUEST" -> "/console/requests/" + targetId;
        case "POLICY" -> "/console/policies/" + targetId;
        default -> null;
      };
    }
  }

  @GetMapping("/console/audit")
  @Needs(Permission.AUDIT_READ)
  String page(
      @AuthenticationPrincipal Person person,
      @RequestParam(defaultValue = "") String action,
      @RequestParam(defaultValue = "") String actor,
      @RequestParam(defaultValue = "") String from,
      @RequestParam(defaultValue = "") String to,
      @RequestParam(defaultValue = "") String before,
      Model model) {
    Map<UUID, String> addresses =
        members.list(person.admin(), new Page.Wanted(1, MEMBERS_MAX), null).items().stream()
            .collect(Collectors.toMap(MemberDetails::id, MemberDetails::email));
    LocalDate first = day(from);
    LocalDate last = day(to);
    Instant end = last == null ? null : last.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant reached = moment(before);
    String name = UsageFilter.typed(action, CHARS_MAX);
    AuditEvents.Filter filter =
        new AuditEvents.Filter(
            Set.of(),
            name.isEmpty() ? Set.of() : Set.of(name),
            Set.of(),
            UsageFilter.id(actor),
            null,
            first == null ? null : first.atStartOfDay(ZoneOffset.UTC).toInstant().minus(CLOCK_TICK),
            reached != null && (end == null || reached.isBefore(end)) ? reached : end);
    List<Row> rows =
        events.find(person.tenantId(), filter, false, PAGE_SIZE + 1).stream()
            .map(event -> row(event, addresses))
            .toList();
    boolean more = rows.size() > PAGE_SIZE;
    model.addAttribute("setting", settings.of(person.tenantId()));
    model.addAttribute("daysMin", AuditSettings.RETENTION_DAYS_MIN);
    model.addAttribute("daysMax", AuditSettings.RETENTION_DAYS_MAX);
    model.addAttribute("mayKeep", person.may(Permission.ORGANIZATION_WRITE));
    model.addAttribute("action", name);
    model.addAttribute("actor", actor);
    model.addAttribute("from", first);
    model.addAttribute("to", last);
    model.addAttribute("addresses", addresses);
    model.addAttribute("events", more ? rows.subList(0, PAGE_SIZE) : rows);
    model.addAttribute(
        "older", more ? rows.get(PAGE_SIZE - 1).at().plus(CLOCK_TICK).toString() : null);
    return "console/audit";
  }

  private Row row(AuditEvents.Event event, Map<UUID, String> addresses) {
    Actor actor = event.entry().actor();
    return new Row(
        event.seq(),
        event.at(),
        actor.kind(),
        actor.id() == null ? null : addresses.get(actor.id()),
        actor.address(),
        event.entry().action(),
        event.entry().targetType(),
        event.entry().targetId(),
        event.entry().details().isEmpty() ? "" : json.writeValueAsString(event.entry().details()));
  }

  /** Reads the whole trail again and checks each link of its chain. */
  @PostMapping("/console/audit/verify")
  @Needs(Permission.AUDIT_READ)
  String verify(@AuthenticationPrincipal Person person, Model model) {
    switch (trails.verify(person.tenantId(), Trail.EVENTS)) {
      case Verdict.Intact(long rows, long lastSeq, String publicKey) -> {
        model.addAttribute("intactRows", rows);
        model.addAttribute("lastSeq", lastSeq);
        model.addAttribute("publicKey", publicKey);
      }
      case Verdict.Broken(String where, String reason) -> {
        model.addAttribute("brokenWhere", where);
        model.addAttribute("brokenReason", reason);
      }
    }
    return page(person, "", "", "", "", "", model);
  }

  private static @Nullable Instant moment(String text) {
    try {
      return text.isBlank() ? null : Instant.parse(text);
    } catch (DateTimeException unreadable) {
      return null;
    }
  }

  private static @Nullable LocalDate day(String text) {
    try {
      LocalDate day = text.isBlank() ? null : LocalDate.parse(text);
      return day != null && day.getYear() > 2000 && day.getYear() < 2200 ? day : null;
    } catch (DateTimeException unreadable) {
      return null;
    }
  }
}

package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.audit.Actor;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditEvents;
import io.galerne.audit.AuditedWork;
import io.galerne.audit.PlatformTrail;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/admin/audit-logs}: the rows of the trail, as the contract lists them. */
@RestController
class AuditLogsController {
  private static final int LIMIT = 20;
  private static final int LIMIT_MAX = 1_000;
  private static final Map<String, Set<Actor.Kind>> ACTORS =
      Map.of(
          "HUMAN", EnumSet.of(Actor.Kind.MEMBER),
          "API_KEY", EnumSet.of(Actor.Kind.API_KEY),
          "OTHER", EnumSet.of(Actor.Kind.OPERATOR, Actor.Kind.SYSTEM));

  private final AuditEvents events;
  private final AuditedWork audited;

  AuditLogsController(AuditEvents events, AuditedWork audited) {
    this.events = events;
    this.audited = audited;
  }

  /**
   * @param logId the row's number in the organization's trail
   */
  record Entry(
      @JsonProperty("created_at") Instant createdAt,
      @JsonProperty("actor_type") String actorType,
      @JsonProperty("actor_metadata") Map<String, String> actorMetadata,
      @JsonProperty("event_type") String eventType,
      @JsonProperty("event_metadata") Map<String, String> eventMetadata,
      @JsonProperty("target_type") String targetType,
      @JsonProperty("target_metadata") Map<String, String> targetMetadata,
      @JsonProperty("log_id") long logId,
      @JsonProperty("organization_uuid") UUID organizationUuid,
      @JsonProperty("workspace_uuid") @Nullable UUID workspaceUuid) {
    static Entry of(AuditEvents.Event event) {
      AuditEntry entry = event.entry();
      Map<String, String> details = new TreeMap<>();
      entry.details().forEach((name, value) -> details.put(name, String.valueOf(value)));
      Map<String, String> target = new TreeMap<>();
      put(target, "uuid", entry.targetId());
      return new Entry(
          event.at(),
          actorType(entry.actor().kind()),
          actor(entry.actor()),
          entry.action(),
          details,
          entry.targetType(),
          target,
          event.seq(),
          entry.tenantId(),
          entry.workspaceId());
    }

    private static Map<String, String> actor(Actor actor) {
      Map<String, String> metadata = new TreeMap<>();
      put(metadata, "kind", actor.kind().name());
      put(metadata, actor.kind() == Actor.Kind.MEMBER ? "user_uuid" : "uuid", actor.id());
      put(metadata, "request_id", actor.requestId());
      put(metadata, "ip_address", actor.address());
      return metadata;
    }

    private static void put(Map<String, String> metadata, String name, @Nullable Object value) {
      if (value != null) {
        metadata.put(name, value.toString());
      }
    }

    private static String actorType(Actor.Kind kind) {
      return switch (kind) {
        case MEMBER -> "HUMAN";
        case API_KEY -> "API_KEY";
        case OPERATOR, SYSTEM -> "OTHER";
      };
    }
  }

  /** The newest first, unless sorted otherwise. Looking is a sensitive read and leaves a row. */
  @Operation(summary = "Rows of the organization's trail")
  @Parameter(name = "actor_type", in = ParameterIn.QUERY, description = "HUMAN, API_KEY or OTHER")
  @Parameter(name = "event_type", in = ParameterIn.QUERY, description = "Such as api_key.create")
  @Parameter(name = "target_type", in = ParameterIn.QUERY, description = "Such as API_KEY")
  @Parameter(name = "actor_user_uuid", in = ParameterIn.QUERY, description = "Who did it")
  @Parameter(name = "sort", in = ParameterIn.QUERY, description = "ascending or descending")
  @Parameter(name = "after", in = ParameterIn.QUERY, description = "After this moment")
  @Parameter(name = "before", in = ParameterIn.QUERY, description = "Before this moment")
  @Parameter(name = "limit", in = ParameterIn.QUERY, description = "20 unless set, at most 1000")
  @GetMapping("/v1/admin/audit-logs")
  @Requires(value = Permission.AUDIT_READ, inWorkspace = true)
  List<Entry> list(HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    return entries(
        request,
        AuditEntry.of(
            caller.tenantId(), caller.actor(), "audit.read", "ORGANIZATION", caller.tenantId()),
        caller.workspacesFor(Permission.AUDIT_READ));
  }

  /** Prices, and the policy that holds for everybody: what belongs to no organization. */
  @Operation(summary = "Rows of the platform's trail, for the operator")
  @GetMapping("/v1/admin/platform/audit-logs")
  @Requires(Permission.TENANTS_READ)
  List<Entry> platform(
      HttpServletRequest request, @AuthenticationPrincipal PlatformOperator operator) {
    return entries(
        request,
        AuditEntry.of(
            PlatformTrail.ID, operator.actor(), "audit.read", "ORGANIZATION", PlatformTrail.ID),
        null);
  }

  private List<Entry> entries(
      HttpServletRequest request, AuditEntry reading, @Nullable Set<UUID> workspaces) {
    Query query = Query.of(request);
    int limit = query.integer("limit", LIMIT, 1, LIMIT_MAX);
    String sort = query.text("sort");
    UUID actor = Days.id(query, "actor_user_uuid");
    Instant after = Days.instant(query, "after");
    Instant before = Days.instant(query, "before");
    Set<String> actions = query.texts("event_type");
    Set<String> targets = query.texts("target_type");
    Set<String> actorTypes = query.texts("actor_type");
    query.check();
    if (sort != null && !sort.equals("ascending") && !sort.equals("descending")) {
      throw Days.wrong("query", "sort", "Input should be 'ascending' or 'descending'", sort);
    }
    AuditEvents.Filter filter =
        new AuditEvents.Filter(
            actors(actorTypes), actions, targets, actor, workspaces, after, before);
    UUID trail = reading.tenantId();
    return audited
        .inTrail(reading, () -> events.find(trail, filter, "ascending".equals(sort), limit))
        .stream()
        .map(Entry::of)
        .toList();
  }

  private static Set<Actor.Kind> actors(Set<String> types) {
    Set<Actor.Kind> kinds = EnumSet.noneOf(Actor.Kind.class);
    for (String type : types) {
      Set<Actor.Kind> meant = ACTORS.get(type);
      if (meant == null) {
        throw Days.wrong(
            "query", "actor_type", "Input should be 'HUMAN', 'API_KEY' or 'OTHER'", type);
      }
      kinds.addAll(meant);
    }
    return kinds;
  }
}

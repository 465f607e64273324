package io.galerne.adminapi;

import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Page;
import io.galerne.identity.Permission;
import io.galerne.identity.WorkspaceDetails;
import io.galerne.identity.WorkspaceDirectory;
import io.galerne.limits.SpendLimitDesk;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** {@code /v1/admin/workspaces}. Deleting one archives it. */
@RestController
class WorkspacesController {
  private static final int NAME_MAX = 255;
  private static final int ICON_MAX = 2;
  private static final int KEY_DAYS_MAX = 3650;

  private final AdminRequests requests;
  private final WorkspaceDirectory workspaces;
  private final SpendLimitDesk spending;

  WorkspacesController(
      AdminRequests requests, WorkspaceDirectory workspaces, SpendLimitDesk spending) {
    this.requests = requests;
    this.workspaces = workspaces;
    this.spending = spending;
  }

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Entry(
      UUID uuid,
      String name,
      String description,
      String icon,
      boolean isDefault,
      long membersCount,
      boolean isArchived,
      Instant createdAt,
      @Nullable Integer apiKeyDaysMax,
      @Nullable SpendCap spendLimit) {
    static Entry of(WorkspaceDetails workspace, @Nullable SpendCap spendLimit) {
      return new Entry(
          workspace.id(),
          workspace.name(),
          workspace.description(),
          workspace.icon(),
          workspace.isDefault(),
          workspace.membersCount(),
          workspace.archivedAt() != null,
          workspace.createdAt(),
          workspace.keyDaysMax(),
          spendLimit);
    }
  }

  /** What the workspace may spend each month, in whole units of the currency with a fraction. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record SpendCap(@Nullable BigDecimal value, String currency, boolean noMonthlyLimit) {}

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record EntryList(long total, List<Entry> items, String object, int page, int pageSize) {}

  private record Change(
      WorkspaceDirectory.Update update, boolean limitsKeys, @Nullable Integer keyDaysMax) {}

  @GetMapping("/v1/admin/workspaces")
  @Requires(value = Permission.WORKSPACES_READ, inWorkspace = true)
  EntryList list(HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    Query query = Query.of(request);
    boolean archived = query.flag("is_archived");
    String search = query.text("search");
    Page.Wanted wanted = query.page();
    Page<WorkspaceDetails> page =
        workspaces.list(caller, wanted, archived, search == null ? "" : search);
    return new EntryList(
        page.total(), entries(caller, page.items()), "list", wanted.number(), wanted.size());
  }

  @GetMapping("/v1/admin/workspaces/{workspace_uuid}")
  @Requires(value = Permission.WORKSPACES_READ, inWorkspace = true)
  Entry get(
      @PathVariable("workspace_uuid") String id, @AuthenticationPrincipal TenantAdmin caller) {
    return entry(caller, workspaces.get(caller, Query.id("workspace_uuid", id)));
  }

  @PostMapping("/v1/admin/workspaces")
  @Requires(Permission.WORKSPACES_WRITE)
  Entry create(HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    WorkspaceDirectory.NewWorkspace wanted =
        requests.object(
            request,
            Set.of("name", "description", "icon", "add_all_org_members", "admin_user_id"),
            fields ->
                new WorkspaceDirectory.NewWorkspace(
                    fields.requiredText("name", NAME_MAX),
                    Objects.requireNonNullElse(fields.text("description", NAME_MAX), ""),
                    Objects.requireNonNullElse(fields.text("icon", ICON_MAX), ""),
                    fields.requiredId("admin_user_id"),
                    fields.flag("add_all_org_members")));
    return entry(caller, workspaces.create(caller, wanted));
  }

  @PatchMapping("/v1/admin/workspaces/{workspace_uuid}")
  @Requires(value = Permission.WORKSPACES_WRITE, inWorkspace = true)
  Entry update(
      @PathVariable("workspace_uuid") String id,
      HttpServletRequest request,
      @AuthenticationPrincipal TenantAdmin caller) {
    UUID workspace = Query.id("workspace_uuid", id);
    Change change =
        requests.object(
            request,
            Set.of("name", "description", "icon", "api_key_days_max"),
            WorkspacesController::change);
    WorkspaceDetails after = workspaces.update(caller, workspace, change.update());
    return entry(
        caller,
        change.limitsKeys() ? workspaces.limitKeys(caller, workspace, change.keyDaysMax()) : after);
  }

  private static Change change(Fields fields) {
    Long days = fields.integer("api_key_days_max", 1, KEY_DAYS_MAX);
    return new Change(
        new WorkspaceDirectory.Update(
            fields.changedText("name", NAME_MAX),
            fields.text("description", NAME_MAX),
            fields.text("icon", ICON_MAX)),
        fields.has("api_key_days_max"),
        days == null ? null : days.intValue());
  }

  @DeleteMapping("/v1/admin/workspaces/{workspace_uuid}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Requires(Permission.WORKSPACES_WRITE)
  void archive(
      @PathVariable("workspace_uuid") String id, @AuthenticationPrincipal TenantAdmin caller) {
    workspaces.archive(caller, Query.id("workspace_uuid", id));
  }

  private Entry entry(TenantAdmin caller, WorkspaceDetails workspace) {
    return entries(caller, List.of(workspace)).getFirst();
  }

  /** Caps are for those who may read limits. */
  private List<Entry> entries(TenantAdmin caller, List<WorkspaceDetails> found) {
    Map<UUID, Long> caps = spending.ofWorkspaces(caller.tenantId());
    return found.stream()
        .map(
            workspace ->
                Entry.of(
                    workspace,
                    caller.mayIn(workspace.id(), Permission.LIMITS_READ)
                        ? cap(caps.get(workspace.id()))
                        : null))
        .toList();
  }

  private SpendCap cap(@Nullable Long micros) {
    return new SpendCap(
        micros == null ? null : SpendLimitEntry.units(micros), spending.currency(), micros == null);
  }
}

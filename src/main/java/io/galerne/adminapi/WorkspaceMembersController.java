package io.galerne.adminapi;

import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.MemberDetails;
import io.galerne.identity.Permission;
import io.galerne.identity.WorkspaceDirectory;
import io.galerne.identity.WorkspaceRole;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** Who is what in a workspace. */
@RestController
class WorkspaceMembersController {
  private static final int MEMBERS_MAX = 100;

  private final AdminRequests requests;
  private final WorkspaceDirectory workspaces;

  WorkspaceMembersController(AdminRequests requests, WorkspaceDirectory workspaces) {
    this.requests = requests;
    this.workspaces = workspaces;
  }

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Entry(UUID userUuid, String email, String name, List<String> roleNames) {}

  record EntryList(List<Entry> members) {}

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Added(int addedMembersCount) {}

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record AddedOrUpdated(int addedMembersCount, int updatedMembersCount) {}

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Removed(int deletedMembersCount, List<UUID> notDeletedMembers) {}

  private record Wanted(UUID user, Set<WorkspaceRole> roles) {}

  @GetMapping("/v1/admin/workspaces/{workspace_uuid}/users")
  @Requires(value = Permission.WORKSPACES_READ, inWorkspace = true)
  EntryList list(
      @PathVariable("workspace_uuid") String id, @AuthenticationPrincipal TenantAdmin caller) {
    UUID workspace = Query.id("workspace_uuid", id);
    return new EntryList(
        workspaces.members(caller, workspace).stream()
            .map(member -> entry(member, workspace))
            .toList());
  }

  private static Entry entry(MemberDetails member, UUID workspace) {
    List<String> roles =
        member.workspaces().stream()
            .filter(membership -> membership.workspaceId().equals(workspace))
            .flatMap(membership -> membership.roles().stream().sorted().map(WorkspaceRole::label))
            .toList();
    return new Entry(
        member.id(), member.email(), (member.firstName() + " " + member.lastName()).strip(), roles);
  }

  @PostMapping("/v1/admin/workspaces/{workspace_uuid}/add-users")
  @Requires(value = Permission.WORKSPACE_MEMBERS_WRITE, inWorkspace = true)
  Added add(
      @PathVariable("workspace_uuid") String id,
      HttpServletRequest request,
      @AuthenticationPrincipal TenantAdmin caller) {
    UUID workspace = Query.id("workspace_uuid", id);
    return new Added(workspaces.join(caller, workspace, wanted(request), false).added());
  }

  @PatchMapping("/v1/admin/workspaces/{workspace_uuid}/users")
  @Requires(value = Permission.WORKSPACE_MEMBERS_WRITE, inWorkspace = true)
  AddedOrUpdated addOrUpdate(
      @PathVariable("workspace_uuid") String id,
      HttpServletRequest request,
      @AuthenticationPrincipal TenantAdmin caller) {
    UUID workspace = Query.id("workspace_uuid", id);
    WorkspaceDirectory.Joined joined = workspaces.join(caller, workspace, wanted(request), true);
    return new AddedOrUpdated(joined.added(), joined.updated());
  }

  private Map<UUID, Set<WorkspaceRole>> wanted(HttpServletRequest request) {
    Set<String> known = Set.of("user_uuid", "role_names", "roles", "role_name", "role");
    List<Wanted> members =
        requests.object(
            request,
            Set.of("members"),
            fields ->
                fields.objects("members", MEMBERS_MAX, known, WorkspaceMembersController::wanted));
    Map<UUID, Set<WorkspaceRole>> roles = new LinkedHashMap<>();
    members.forEach(member -> roles.put(member.user(), member.roles()));
    return roles;
  }

  private static Wanted wanted(Fields fields) {
    Set<WorkspaceRole> roles = fields.roles(WorkspaceRole::of);
    return new Wanted(
        fields.requiredId("user_uuid"), roles == null ? Set.of(WorkspaceRole.DEFAULT) : roles);
  }

  @DeleteMapping("/v1/admin/workspaces/{workspace_uuid}/remove-users")
  @Requires(value = Permission.WORKSPACE_MEMBERS_WRITE, inWorkspace = true)
  Removed remove(
      @PathVariable("workspace_uuid") String id,
      HttpServletRequest request,
      @AuthenticationPrincipal TenantAdmin caller) {
    UUID workspace = Query.id("workspace_uuid", id);
    List<UUID> leaving =
        requests.object(
            request,
            Set.of("members"),
            fields ->
                fields.objects(
                    "members",
                    MEMBERS_MAX,
                    Set.of("user_uuid"),
                    member -> member.requiredId("user_uuid")));
    WorkspaceDirectory.Left left =
        workspaces.leave(caller, workspace, new LinkedHashSet<>(leaving));
    return new Removed(left.removed(), left.notRemoved());
  }
}

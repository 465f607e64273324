package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.identity.OrganizationRole;
import io.galerne.identity.Permission;
import io.galerne.identity.WorkspaceRole;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/admin/roles}. */
@RestController
class RolesController {
  record RoleEntry(
      String name,
      UUID uuid,
      String description,
      @JsonProperty("is_custom_role") boolean isCustomRole) {}

  record RoleList(
      @JsonProperty("workspace_roles") List<RoleEntry> workspaceRoles,
      @JsonProperty("organization_roles") List<RoleEntry> organizationRoles) {}

  @GetMapping("/v1/admin/roles")
  @Requires(value = Permission.WORKSPACES_READ, inWorkspace = true)
  RoleList list() {
    return new RoleList(
        Stream.of(WorkspaceRole.values())
            .map(role -> new RoleEntry(role.label(), role.id(), role.description(), false))
            .toList(),
        Stream.of(OrganizationRole.values())
            .map(role -> new RoleEntry(role.label(), role.id(), role.description(), false))
            .toList());
  }
}

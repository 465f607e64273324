package io.galerne.identity;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A person who belongs to a tenant. */
public record MemberDetails(
    UUID id,
    String email,
    String firstName,
    String lastName,
    Instant createdAt,
    Set<OrganizationRole> roles,
    List<Membership> workspaces) {
  /** What the person is in one workspace. */
  public record Membership(
      UUID workspaceId, String workspaceName, boolean isDefault, Set<WorkspaceRole> roles) {}
}

package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.galerne.identity.MemberDetails;
import io.galerne.identity.OrganizationRole;
import io.galerne.identity.WorkspaceRole;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** A member on the wire. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
record UserEntry(
    UUID uuid,
    @Nullable String oidId,
    String name,
    String email,
    List<WorkspaceEntry> workspaces,
    List<Object> subscriptions,
    List<UUID> rawRoles,
    UUID rawRole,
    List<String> roleNames,
    Instant createdAt,
    String firstName,
    String lastName) {
  /** What the member is in one workspace. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record WorkspaceEntry(
      UUID uuid,
      String name,
      boolean isDefault,
      List<UUID> rawRoles,
      UUID rawRole,
      List<String> roleNames) {}

  static UserEntry of(MemberDetails member) {
    List<OrganizationRole> roles = member.roles().stream().sorted().toList();
    return new UserEntry(
        member.id(),
        null,
        (member.firstName() + " " + member.lastName()).strip(),
        member.email(),
        member.workspaces().stream().map(UserEntry::of).toList(),
        List.of(),
        roles.stream().map(OrganizationRole::id).toList(),
        roles.isEmpty() ? OrganizationRole.MEMBER.id() : roles.getFirst().id(),
        roles.stream().map(OrganizationRole::label).toList(),
        member.createdAt(),
        member.firstName(),
        member.lastName());
  }

  private static WorkspaceEntry of(MemberDetails.Membership membership) {
    List<WorkspaceRole> roles = sorted(membership.roles());
    return new WorkspaceEntry(
        membership.workspaceId(),
        membership.workspaceName(),
        membership.isDefault(),
        roles.stream().map(WorkspaceRole::id).toList(),
        roles.isEmpty() ? WorkspaceRole.DEFAULT.id() : roles.getFirst().id(),
        roles.stream().map(WorkspaceRole::label).toList());
  }

  private static List<WorkspaceRole> sorted(Collection<WorkspaceRole> roles) {
    return roles.stream().sorted().toList();
  }
}

package io.galerne.identity;

import static io.galerne.identity.Permission.AUDIT_READ;
import static io.galerne.identity.Permission.KEYS_READ;
import static io.galerne.identity.Permission.KEYS_WRITE;
import static io.galerne.identity.Permission.LIMITS_READ;
import static io.galerne.identity.Permission.POLICIES_READ;
import static io.galerne.identity.Permission.USAGE_READ;
import static io.galerne.identity.Permission.WORKSPACES_READ;
import static io.galerne.identity.Permission.WORKSPACES_WRITE;
import static io.galerne.identity.Permission.WORKSPACE_MEMBERS_WRITE;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What a member may do in one workspace, in addition to what the organisation's roles allow. Names
 * and ids are those of the official Admin API; roles for products that Galerne does not have are
 * accepted and allow nothing here.
 */
public enum WorkspaceRole {
  WORKSPACE_ADMIN(
      "b23cd6e0-91cd-4a8a-9869-b30366bf3966",
      "The workspace's name, members and keys",
      EnumSet.of(
          WORKSPACES_READ,
          WORKSPACES_WRITE,
          WORKSPACE_MEMBERS_WRITE,
          KEYS_READ,
          KEYS_WRITE,
          LIMITS_READ,
          USAGE_READ,
          POLICIES_READ)),
  DEV(
      "48436751-ee56-44bd-8a2d-712233977821",
      "The workspace's API keys",
      EnumSet.of(WORKSPACES_READ, KEYS_READ, KEYS_WRITE, LIMITS_READ, USAGE_READ, POLICIES_READ)),
  WORKSPACE_CONTRIBUTOR(
      "252a0825-40b9-4b98-be80-7658956f13e9",
      "Uses the workspace; sees its keys, limits and usage",
      EnumSet.of(WORKSPACES_READ, KEYS_READ, LIMITS_READ, USAGE_READ)),
  OBSERVABILITY_VIEWER(
      "731eb2be-a74f-4070-b797-35bf7009e553",
      "Reads the workspace's usage and trail",
      EnumSet.of(WORKSPACES_READ, LIMITS_READ, USAGE_READ, AUDIT_READ)),
  BILLING(
      "ff86d432-7f27-47f8-b02f-b5c102ef6a55",
      "Reads the workspace's usage and limits",
      EnumSet.of(WORKSPACES_READ, LIMITS_READ, USAGE_READ)),
  USER("d7ea77c5-9260-41d0-ab26-52b5add3ee56", "Uses the workspace", EnumSet.of(WORKSPACES_READ)),
  CONTRIBUTOR(
      "375cd0db-3bbe-4b79-80f3-954ccf04f3d1", "Uses the workspace", EnumSet.of(WORKSPACES_READ)),
  DEV_CONTRIBUTOR(
      "578584f1-4319-4c88-9948-38a5184483b6",
      "Uses the workspace; sees its keys",
      EnumSet.of(WORKSPACES_READ, KEYS_READ)),
  MISTRAL_CODE_USER(
      "d79b3027-4eb2-4521-8722-825acfee7d8b",
      "Of a product that is not part of Galerne; allows nothing",
      EnumSet.noneOf(Permission.class)),
  CLOUD_USER(
      "17aa61c5-1c61-477e-a40a-e52c8ccd74b9",
      "Of a product that is not part of Galerne; allows nothing",
      EnumSet.noneOf(Permission.class)),
  WORKFLOW_EXECUTOR(
      "0f9acbf6-93b5-42c7-a227-fc7652755f65",
      "Of a product that is not part of Galerne; allows nothing",
      EnumSet.noneOf(Permission.class));

  /** What somebody has who is added without a role. */
  public static final WorkspaceRole DEFAULT = WORKSPACE_CONTRIBUTOR;

  private final UUID id;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // wrapped: nobody can change it
  private final Set<Permission> permissions;

  WorkspaceRole(String id, String description, Set<Permission> permissions) {
    this.id = UUID.fromString(id);
    this.description = description;
    this.permissions = Collections.unmodifiableSet(permissions);
  }

  /** The role's name on the wire and in the database. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public UUID id() {
    return id;
  }

  /** The contract's older name: A for admin, M for everyone else. */
  public String letter() {
    return this == WORKSPACE_ADMIN ? "A" : "M";
  }

  public String description() {
    return description;
  }

  public Set<Permission> permissions() {
    return permissions;
  }

  /** By its name, or by its id; empty if there is none. */
  public static Optional<WorkspaceRole> of(String nameOrId) {
    return Stream.of(values())
        .filter(role -> role.label().equals(nameOrId) || role.id.toString().equals(nameOrId))
        .findFirst();
  }

  /** What the roles allow together. */
  public static Set<Permission> permissions(Collection<WorkspaceRole> roles) {
    Set<Permission> all = EnumSet.noneOf(Permission.class);
    roles.forEach(role -> all.addAll(role.permissions));
    return all;
  }
}

package io.galerne.identity;

import io.galerne.audit.Actor;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whose request to the Admin API this is: proven by an admin key, with what it may do now. */
public sealed interface AdminCaller {
  /** The key that the request came with. */
  UUID keyId();

  /** The caller as the audit trail names it, with its request. */
  Actor actor();

  /** Whether the caller may do this in the whole organisation, or on the whole platform. */
  boolean may(Permission permission);

  /** Whether the caller may do this at least somewhere. */
  boolean maySomewhere(Permission permission);

  /**
   * A member of one tenant.
   *
   * @param organization what the member's roles allow in the whole organisation
   * @param workspaces what further roles allow in single workspaces
   * @param actor the member as the audit trail names it
   */
  record TenantAdmin(
      UUID tenantId,
      UUID memberId,
      UUID keyId,
      Set<Permission> organization,
      Map<UUID, Set<Permission>> workspaces,
      Actor actor)
      implements AdminCaller {
    public TenantAdmin {
      organization = Set.copyOf(organization);
      workspaces = Map.copyOf(workspaces);
    }

    @Override
    public boolean may(Permission permission) {
      return organization.contains(permission);
    }

    @Override
    public boolean maySomewhere(Permission permission) {
      return may(permission)
          || workspaces.values().stream().anyMatch(allowed -> allowed.contains(permission));
    }

    /** Whether the caller may do this in the workspace. */
    public boolean mayIn(UUID workspaceId, Permission permission) {
      return may(permission) || workspaces.getOrDefault(workspaceId, Set.of()).contains(permission);
    }

    /** The workspaces in which the caller may do this; null for all of them. */
    public @Nullable Set<UUID> workspacesFor(Permission permission) {
      return may(permission)
          ? null
          : workspaces.entrySet().stream()
              .filter(workspace -> workspace.getValue().contains(permission))
              .map(Map.Entry::getKey)
              .collect(Collectors.toUnmodifiableSet());
    }
  }

  /** The platform's operator, who is a member of no tenant and sees none from within. */
  record PlatformOperator(UUID keyId, Actor actor) implements AdminCaller {
    private static final Set<Permission> PERMISSIONS =
        EnumSet.of(Permission.TENANTS_READ, Permission.TENANTS_WRITE);

    /** What an operator may do. */
    public static Set<Permission> permissions() {
      return Set.copyOf(PERMISSIONS);
    }

    @Override
    public boolean may(Permission permission) {
      return PERMISSIONS.contains(permission);
    }

    @Override
    public boolean maySomewhere(Permission permission) {
      return may(permission);
    }
  }
}

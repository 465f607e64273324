package io.galerne.identity;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.TenantAdmin;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * The workspaces of a tenant and who is what in them. A workspace that the caller may not see is
 * one that does not exist. Archiving is for good and ends a workspace's keys at once.
 */
@Service
public class WorkspaceDirectory {
  private final TenantTransactions transactions;
  private final WorkspaceRows rows;
  private final MemberRows members;
  private final Roles roles;
  private final ApiKeyService keys;
  private final AuditLog audit;
  private final Clock clock;

  WorkspaceDirectory(
      TenantTransactions transactions,
      WorkspaceRows rows,
      MemberRows members,
      Roles roles,
      ApiKeyService keys,
      AuditLog audit,
      Clock clock) {
    this.transactions = transactions;
    this.rows = rows;
    this.members = members;
    this.roles = roles;
    this.keys = keys;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * A workspace to make.
   *
   * @param adminId the member who administers it
   * @param withEverybody whether all members of the organisation join it
   */
  public record NewWorkspace(
      String name, String description, String icon, UUID adminId, boolean withEverybody) {}

  /** A change; what is null stays. */
  public record Update(
      @Nullable String name, @Nullable String description, @Nullable String icon) {}

  /** How many were added, and how many were there and have other roles now. */
  public record Joined(int added, int updated) {}

  /** How many were removed, and who was no member. */
  public record Left(int removed, List<UUID> notRemoved) {}

  /**
   * @param search a part of the names, in any case; empty for all
   */
  public Page<WorkspaceDetails> list(
      TenantAdmin caller, Page.Wanted wanted, boolean archived, String search) {
    return transactions.inTenant(
        caller.tenantId(),
        () ->
            rows.list(wanted, caller.workspacesFor(Permission.WORKSPACES_READ), archived, search));
  }

  /**
   * @throws RefusedException if there is no such workspace
   */
  public WorkspaceDetails get(TenantAdmin caller, UUID id) {
    return transactions.inTenant(caller.tenantId(), () -> visible(caller, id));
  }

  /** The members of a workspace. */
  public List<MemberDetails> members(TenantAdmin caller, UUID id) {
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          visible(caller, id);
          return members.ofWorkspace(id);
        });
  }

  /**
   * @throws RefusedException if there is no such user
   */
  public WorkspaceDetails create(TenantAdmin caller, NewWorkspace wanted) {
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          members.lock(caller.tenantId());
          requireMember(wanted.adminId(), "admin_user_id");
          UUID id = UUID.randomUUID();
          rows.insert(caller.tenantId(), id, wanted.name(), clock.instant());
          rows.update(id, new WorkspaceRows.Change(null, wanted.description(), wanted.icon()));
          if (wanted.withEverybody()) {
            members.all().forEach(member -> join(caller, id, member, WorkspaceRole.DEFAULT));
          }
          join(caller, id, wanted.adminId(), WorkspaceRole.WORKSPACE_ADMIN);
          audit.record(entry(caller, "workspace.create", id).with("name", wanted.name()));
          return visible(caller, id);
        });
  }

  private void join(TenantAdmin caller, UUID id, UUID member, WorkspaceRole role) {
    roles.replaceInWorkspace(caller.tenantId(), id, member, Set.of(role));
  }

  /**
   * @throws RefusedException if there is no such workspace, or it is archived
   */
  public WorkspaceDetails update(TenantAdmin caller, UUID id, Update update) {
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          changeable(caller, id, Permission.WORKSPACES_WRITE);
          rows.update(
              id, new WorkspaceRows.Change(update.name(), update.description(), update.icon()));
          AuditEntry entry = entry(caller, "workspace.update", id);
          audit.record(update.name() == null ? entry : entry.with("name", update.name()));
          return visible(caller, id);
        });
  }

  /**
   * Bounds how long new API keys of the workspace may last.
   *
   * @param days null for what the organisation says
   * @throws RefusedException if that is longer than the organisation allows
   */
  public WorkspaceDetails limitKeys(TenantAdmin caller, UUID id, @Nullable Integer days) {
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          changeable(caller, id, Permission.WORKSPACES_WRITE);
          rows.limitKeys(id, null);
          Integer ceiling = rows.keyDaysMax(id);
          if (days != null && ceiling != null && days > ceiling) {
            throw RefusedException.invalid(
                "api_key_days_max", "The organization allows at most " + ceiling + " days");
          }
          rows.limitKeys(id, days);
          audit.record(
              entry(caller, "api_key_policy.update", id)
                  .with("days_max", days == null ? "none" : days));
          return visible(caller, id);
        });
  }

  /**
   * Archives a workspace for good. Its keys are refused from then on, on every instance within a
   * second.
   *
   * @throws RefusedException if there is no such workspace, or it is the default one
   */
  public void archive(TenantAdmin caller, UUID id) {
    transactions.runInTenant(
        caller.tenantId(),
        () -> {
          WorkspaceDetails workspace = changeable(caller, id, Permission.WORKSPACES_WRITE);
          if (workspace.isDefault()) {
            throw RefusedException.conflict(null, "The default workspace can't be archived");
          }
          rows.archive(id, clock.instant());
          audit.record(entry(caller, "workspace.delete", id));
        });
    keys.forget(caller.tenantId());
  }

  /**
   * Gives members exactly these roles in the workspace; those who are not in it join it.
   *
   * @param updating whether roles of those who are in it already are changed
   * @throws RefusedException if there is no such workspace or user, or the caller may not give one
   *     of the roles; then nothing is done
   */
  public Joined join(
      TenantAdmin caller, UUID id, Map<UUID, Set<WorkspaceRole>> wanted, boolean updating) {
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          members.lock(caller.tenantId());
          changeable(caller, id, Permission.WORKSPACE_MEMBERS_WRITE);
          int added = 0;
          int updated = 0;
          for (Map.Entry<UUID, Set<WorkspaceRole>> one : wanted.entrySet()) {
            requireMember(one.getKey(), "members");
            requireCovered(caller, id, one.getValue());
            Set<WorkspaceRole> before = roles.inWorkspaces(one.getKey()).getOrDefault(id, Set.of());
            requireCovered(caller, id, before);
            if (before.isEmpty() || updating) {
              roles.replaceInWorkspace(caller.tenantId(), id, one.getKey(), one.getValue());
              audit.record(
                  entry(
                          caller,
                          before.isEmpty()
                              ? "workspace.member.add"
                              : "workspace.member.role.update",
                          id)
                      .with("user", one.getKey().toString())
                      .with("roles", labels(one.getValue())));
              added += before.isEmpty() ? 1 : 0;
              updated += before.isEmpty() ? 0 : 1;
            }
          }
          return new Joined(added, updated);
        });
  }

  /**
   * Removes members from the workspace.
   *
   * @throws RefusedException if there is no such workspace, or one of them may do more than the
   *     caller in it
   */
  public Left leave(TenantAdmin caller, UUID id, Set<UUID> leaving) {
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          members.lock(caller.tenantId());
          changeable(caller, id, Permission.WORKSPACE_MEMBERS_WRITE);
          List<UUID> strangers = new ArrayList<>();
          for (UUID member : leaving) {
            requireCovered(caller, id, roles.inWorkspaces(member).getOrDefault(id, Set.of()));
            if (roles.removeFromWorkspace(id, member)) {
              audit.record(
                  entry(caller, "workspace.member.remove", id).with("user", member.toString()));
            } else {
              strangers.add(member);
            }
          }
          return new Left(leaving.size() - strangers.size(), strangers);
        });
  }

  private WorkspaceDetails visible(TenantAdmin caller, UUID id) {
    return rows.find(id)
        .filter(_ -> caller.mayIn(id, Permission.WORKSPACES_READ))
        .orElseThrow(() -> RefusedException.unknown("workspace"));
  }

  private WorkspaceDetails changeable(TenantAdmin caller, UUID id, Permission permission) {
    WorkspaceDetails workspace = visible(caller, id);
    if (!caller.mayIn(id, permission)) {
      throw RefusedException.beyondCaller(
          "Your roles do not include the permission " + permission.label() + " in this workspace");
    }
    if (workspace.archivedAt() != null) {
      throw RefusedException.conflict(null, "The workspace is archived");
    }
    return workspace;
  }

  private void requireMember(UUID id, String field) {
    if (!members.exists(id)) {
      throw RefusedException.unknown("user", field);
    }
  }

  private static void requireCovered(TenantAdmin caller, UUID id, Set<WorkspaceRole> given) {
    for (WorkspaceRole role : given) {
      for (Permission permission : role.permissions()) {
        if (!caller.mayIn(id, permission)) {
          throw RefusedException.beyondCaller(
              "The role " + role.label() + " allows more than your own; ask one who has it");
        }
      }
    }
  }

  private static AuditEntry entry(TenantAdmin caller, String action, UUID id) {
    return AuditEntry.of(caller.tenantId(), caller.actor(), action, "WORKSPACE", id)
        .inWorkspace(id);
  }

  private static List<String> labels(Set<WorkspaceRole> given) {
    return given.stream().sorted().map(WorkspaceRole::label).toList();
  }
}

package io.galerne.identity;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.TenantAdmin;
import java.time.Clock;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * The people of a tenant and their roles in the organisation. Nobody can give, change or take away
 * more than they have themselves, and a tenant keeps its last owner and its last admin.
 */
@Service
public class MemberDirectory {
  private final TenantTransactions transactions;
  private final MemberRows rows;
  private final Roles roles;
  private final AuditLog audit;
  private final Clock clock;

  MemberDirectory(
      TenantTransactions transactions, MemberRows rows, Roles roles, AuditLog audit, Clock clock) {
    this.transactions = transactions;
    this.rows = rows;
    this.roles = roles;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * @param email a part of the addresses; null for all
   */
  public Page<MemberDetails> list(TenantAdmin caller, Page.Wanted wanted, @Nullable String email) {
    return transactions.inTenant(caller.tenantId(), () -> rows.list(wanted, email));
  }

  /**
   * @throws RefusedException if the tenant has no such member
   */
  public MemberDetails get(TenantAdmin caller, UUID id) {
    return transactions.inTenant(caller.tenantId(), () -> find(id));
  }

  /**
   * Adds people; those whose address a member has already are left out.
   *
   * @return the new members' ids by address
   * @throws RefusedException if the caller may not give one of the roles; then nobody is added
   */
  public Map<String, UUID> create(TenantAdmin caller, List<NewMember> members) {
    members.forEach(member -> requireCovered(caller, member.roles()));
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          rows.lock(caller.tenantId());
          Map<String, UUID> created = new LinkedHashMap<>();
          for (NewMember member : members) {
            if (!rows.hasEmail(member.email())) {
              UUID id = rows.insert(caller.tenantId(), member, clock.instant());
              created.put(member.email(), id);
              audit.record(
                  AuditEntry.of(caller.tenantId(), caller.actor(), "user.create", "USER", id)
                      .with("roles", labels(member.roles())));
            }
          }
          return created;
        });
  }

  /**
   * Gives a member these roles and no others.
   *
   * @throws RefusedException if there is no such member, the caller may not give or take away one
   *     of the roles, or it is the last owner or admin that would lose them
   */
  public MemberDetails setRoles(TenantAdmin caller, UUID id, Set<OrganizationRole> wanted) {
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          rows.lock(caller.tenantId());
          MemberDetails member = find(id);
          if (member.roles().equals(wanted)) {
            return member;
          }
          Set<OrganizationRole> changed = EnumSet.noneOf(OrganizationRole.class);
          changed.addAll(member.roles());
          changed.addAll(wanted);
          requireCovered(caller, changed);
          requireNotTheLast(member, wanted);
          roles.replace(caller.tenantId(), id, wanted);
          audit.record(
              AuditEntry.of(
                      caller.tenantId(),
                      caller.actor(),
                      "user.organization.role.update",
                      "USER",
                      id)
                  .with("before", labels(member.roles()))
                  .with("after", labels(wanted)));
          return find(id);
        });
  }

  /**
   * Ends a membership: the person's roles and admin keys with it. API keys that were made for the
   * person belong to their workspace and stay.
   */
  public void remove(TenantAdmin caller, UUID id) {
    transactions.runInTenant(
        caller.tenantId(),
        () -> {
          rows.lock(caller.tenantId());
          MemberDetails member = find(id);
          requireCovered(caller, member.roles());
          requireNotTheLast(member, Set.of());
          rows.remove(id, clock.instant());
          audit.record(
              AuditEntry.of(
                  caller.tenantId(), caller.actor(), "user.organization.leave", "USER", id));
        });
  }

  private MemberDetails find(UUID id) {
    return rows.find(id).orElseThrow(() -> RefusedException.unknown("user"));
  }

  static void requireCovered(TenantAdmin caller, Set<OrganizationRole> roles) {
    for (OrganizationRole role : roles) {
      if (!caller.organization().containsAll(role.permissions())) {
        throw RefusedException.beyondCaller(
            "The role " + role.label() + " allows more than your own; ask one who has it");
      }
    }
  }

  private void requireNotTheLast(MemberDetails member, Set<OrganizationRole> wanted) {
    boolean wasOwner = member.roles().contains(OrganizationRole.OWNER);
    if (wasOwner
        && !wanted.contains(OrganizationRole.OWNER)
        && roles.othersWith(member.id(), OrganizationRole.OWNER) == 0) {
      throw RefusedException.conflict("role_names", "The last owner can't be removed or demoted");
    }
    boolean wasAdmin = wasOwner || member.roles().contains(OrganizationRole.ADMIN);
    boolean staysAdmin =
        wanted.contains(OrganizationRole.OWNER) || wanted.contains(OrganizationRole.ADMIN);
    if (wasAdmin
        && !staysAdmin
        && roles.othersWith(member.id(), OrganizationRole.OWNER, OrganizationRole.ADMIN) == 0) {
      throw RefusedException.conflict("role_names", "The last admin can't be removed or demoted");
    }
  }

  static List<String> labels(Set<OrganizationRole> roles) {
    return roles.stream().sorted().map(OrganizationRole::label).toList();
  }
}

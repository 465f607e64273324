package io.galerne.signin;

import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.OrganizationRole;
import io.galerne.identity.People;
import io.galerne.identity.Permission;
import io.galerne.identity.PlatformOrganization;
import java.util.Set;
import java.util.UUID;

/**
 * Who is signed in, with what they may do at the moment of the request.
 *
 * @param admin the person as the services behind the Admin API take them
 * @param organization its name
 * @param operator whether the person operates the platform as well
 */
public record Person(
    TenantAdmin admin,
    String email,
    String displayName,
    String organization,
    Set<OrganizationRole> roles,
    boolean operator) {
  public Person {
    roles = Set.copyOf(roles);
  }

  static Person of(People.Profile profile) {
    return new Person(
        profile.admin(),
        profile.email(),
        profile.name(),
        profile.organization(),
        profile.roles(),
        profile.operator());
  }

  public UUID memberId() {
    return admin.memberId();
  }

  public UUID tenantId() {
    return admin.tenantId();
  }

  /** Whether the person belongs to the platform alone, and to no tenant. */
  public boolean isOfPlatform() {
    return tenantId().equals(PlatformOrganization.ID);
  }

  /** Whether the person may do this in the whole organisation. */
  public boolean may(Permission permission) {
    return admin.may(permission);
  }

  /** Whether the person may do this at least in one workspace. */
  public boolean maySomewhere(Permission permission) {
    return admin.maySomewhere(permission);
  }

  People.Reference reference() {
    return new People.Reference(tenantId(), memberId());
  }

  /** One or two letters that stand for the person. */
  public String initials() {
    StringBuilder initials = new StringBuilder();
    for (String word : displayName.strip().split("\\s+", -1)) {
      if (!word.isEmpty() && initials.codePointCount(0, initials.length()) < 2) {
        initials.appendCodePoint(Character.toUpperCase(word.codePointAt(0)));
      }
    }
    return initials.toString();
  }
}

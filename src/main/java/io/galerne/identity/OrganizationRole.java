package io.galerne.identity;

import static io.galerne.identity.Permission.ADMIN_KEYS_READ;
import static io.galerne.identity.Permission.AUDIT_READ;
import static io.galerne.identity.Permission.BILLING_READ;
import static io.galerne.identity.Permission.BILLING_WRITE;
import static io.galerne.identity.Permission.KEYS_READ;
import static io.galerne.identity.Permission.KEYS_WRITE;
import static io.galerne.identity.Permission.LIMITS_READ;
import static io.galerne.identity.Permission.MEMBERS_READ;
import static io.galerne.identity.Permission.ORGANIZATION_READ;
import static io.galerne.identity.Permission.OWNERS_WRITE;
import static io.galerne.identity.Permission.POLICIES_READ;
import static io.galerne.identity.Permission.SPEND_LIMITS_WRITE;
import static io.galerne.identity.Permission.TENANTS_READ;
import static io.galerne.identity.Permission.TENANTS_WRITE;
import static io.galerne.identity.Permission.USAGE_READ;
import static io.galerne.identity.Permission.WORKSPACES_READ;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What a member may do in the whole organisation. A member may have several; they add up. Names,
 * and ids and letters where there are any, are those of the official Admin API.
 */
public enum OrganizationRole {
  OWNER(
      "organization_owner",
      "8f3f8f65-3a0e-4d2b-9f0e-6b6f4a2d1c01",
      "A",
      "Everything within the organization, and appointing other owners",
      EnumSet.complementOf(EnumSet.of(TENANTS_READ, TENANTS_WRITE))),
  ADMIN(
      "organization_admin",
      "0d48f530-095c-43fe-8aea-6673bcacabe6",
      "A",
      "Everything within the organization but its owners",
      EnumSet.complementOf(EnumSet.of(OWNERS_WRITE, TENANTS_READ, TENANTS_WRITE))),
  DEVELOPER(
      "developer",
      "8f3f8f65-3a0e-4d2b-9f0e-6b6f4a2d1c02",
      "M",
      "API keys of all workspaces; reads limits, usage and policies",
      EnumSet.of(
          ORGANIZATION_READ,
          WORKSPACES_READ,
          KEYS_READ,
          KEYS_WRITE,
          LIMITS_READ,
          USAGE_READ,
          POLICIES_READ)),
  BILLING(
      "billing_manager",
      "7bde5959-d676-47d2-b779-35b64323d278",
      "B",
      "Plans, invoices, spend limits and usage; no settings, members or keys",
      EnumSet.of(
          ORGANIZATION_READ,
          LIMITS_READ,
          SPEND_LIMITS_WRITE,
          USAGE_READ,
          BILLING_READ,
          BILLING_WRITE)),
  AUDITOR(
      "auditor",
      "8f3f8f65-3a0e-4d2b-9f0e-6b6f4a2d1c03",
      "M",
      "Reads everything, the audit trail too, and changes nothing",
      EnumSet.of(
          ORGANIZATION_READ,
          MEMBERS_READ,
          WORKSPACES_READ,
          KEYS_READ,
          ADMIN_KEYS_READ,
          LIMITS_READ,
          USAGE_READ,
          BILLING_READ,
          POLICIES_READ,
          AUDIT_READ)),
  MEMBER(
      "member",
      "c955f4e1-9477-43f0-8349-6fbc629fccc9",
      "M",
      "Belongs to the organization; manages nothing",
      EnumSet.of(ORGANIZATION_READ));

  private final String label;
  private final UUID id;
  private final String letter;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // wrapped: nobody can change it
  private final Set<Permission> permissions;

  OrganizationRole(
      String label, String id, String letter, String description, Set<Permission> permissions) {
    this.label = label;
    this.id = UUID.fromString(id);
    this.letter = letter;
    this.description = description;
    this.permissions = Collections.unmodifiableSet(permissions);
  }

  /** The role's name on the wire and in the database. */
  public String label() {
    return label;
  }

  public UUID id() {
    return id;
  }

  /** The contract's older name: A for admin, B for billing, M for member. */
  public String letter() {
    return letter;
  }

  public String description() {
    return description;
  }

  public Set<Permission> permissions() {
    return permissions;
  }

  /** By its name, or by its id; empty if there is none. */
  public static Optional<OrganizationRole> of(String nameOrId) {
    return Stream.of(values())
        .filter(role -> role.label.equals(nameOrId) || role.id.toString().equals(nameOrId))
        .findFirst();
  }

  /** What the roles allow together. */
  public static Set<Permission> permissions(Collection<OrganizationRole> roles) {
    Set<Permission> all = EnumSet.noneOf(Permission.class);
    roles.forEach(role -> all.addAll(role.permissions));
    return all;
  }
}

package io.galerne.identity;

import java.util.Locale;

/** What an operation of the Admin API needs. Roles are sets of these. */
public enum Permission {
  ORGANIZATION_READ,
  ORGANIZATION_WRITE,
  MEMBERS_READ,
  MEMBERS_WRITE,
  WORKSPACES_READ,
  WORKSPACES_WRITE,
  WORKSPACE_MEMBERS_WRITE,
  KEYS_READ,
  KEYS_WRITE,
  ADMIN_KEYS_READ,
  ADMIN_KEYS_WRITE,
  LIMITS_READ,
  LIMITS_WRITE,
  SPEND_LIMITS_WRITE,
  USAGE_READ,
  BILLING_READ,
  BILLING_WRITE,
  POLICIES_READ,
  POLICIES_WRITE,
  AUDIT_READ,
  /** Appointing and dismissing owners. */
  OWNERS_WRITE,
  /** The platform's: every tenant's name, plan and state. */
  TENANTS_READ,
  TENANTS_WRITE;

  /** As in documents and errors: {@code members:write}. */
  public String label() {
    String name = name().toLowerCase(Locale.ROOT);
    int verb = name.lastIndexOf('_');
    return name.substring(0, verb).replace('_', '-') + ":" + name.substring(verb + 1);
  }
}

package io.galerne.identity;

import java.util.UUID;

/**
 * Where people belong who operate the platform and are members of no tenant. It is an organisation
 * by its rows only: nobody has a role in it, it has no workspace, and no list of tenants shows it.
 */
public final class PlatformOrganization {
  public static final UUID ID = UUID.fromString("00000000-0000-4000-8000-0000000000f0");
  static final String NAME = "Platform";

  private PlatformOrganization() {}
}

package io.galerne.audit;

import java.util.UUID;

/**
 * The trail of what belongs to no tenant: prices, and the policy that holds for everybody. It is
 * chained, signed and kept like a tenant's, under an id that no tenant has.
 */
public final class PlatformTrail {
  public static final UUID ID = new UUID(0, 0);

  private PlatformTrail() {}
}

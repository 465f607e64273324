package io.galerne.metering;

import java.util.UUID;

/**
 * The number of the PostgreSQL advisory lock on a tenant's ledger: each line holds it shared while
 * it is written, closing an invoice holds it alone.
 */
public final class LedgerLock {
  private static final long SPACE = 0x6c65_6467_6572L;

  private LedgerLock() {}

  /** Two tenants that share a number wait for each other, and nothing worse. */
  public static long of(UUID tenantId) {
    return SPACE ^ tenantId.getMostSignificantBits() ^ tenantId.getLeastSignificantBits();
  }
}

package io.galerne.audit;

import io.galerne.database.TenantTransactions;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What an operator does to a tenant is in two trails: the tenant's and the platform's. Both rows
 * are in the change's own transaction, the tenant's first, so that the chains are locked in one
 * order.
 */
@Component
public class OperatorTrail {
  private final AuditLog log;
  private final JdbcClient jdbc;

  OperatorTrail(AuditLog log, JdbcClient jdbc) {
    this.log = log;
    this.jdbc = jdbc;
  }

  /**
   * Adds a row to the tenant's trail and one to the platform's, within a transaction of the tenant.
   *
   * @throws IllegalStateException if no transaction is running, or another tenant's
   */
  public void recordBoth(AuditEntry entry) {
    log.record(entry);
    recordPlatform(entry);
  }

  /** Adds a row to the platform's trail only, within a transaction of the entry's tenant. */
  public void recordPlatform(AuditEntry entry) {
    become(PlatformTrail.ID);
    log.record(
        new AuditEntry(
            PlatformTrail.ID,
            entry.actor(),
            entry.action(),
            entry.targetType(),
            entry.targetId(),
            null,
            entry.details()));
    become(entry.tenantId());
  }

  private void become(UUID tenantId) {
    TenantTransactions.setForTransaction(jdbc, "galerne.tenant", tenantId.toString());
  }
}

package io.galerne.audit;

/**
 * The append-only trail of a tenant.
 *
 * <pre>{@code
 * transactions.runInTenant(tenant, () -> {
 *   change();
 *   audit.record(AuditEntry.of(tenant, actor, "workspace.delete", "WORKSPACE", id));
 * });
 * }</pre>
 */
public interface AuditLog {
  /**
   * Adds a row within the running transaction, which must be the entry's tenant's: the change and
   * its row are there together or not at all.
   *
   * @throws IllegalStateException if no transaction is running, or another tenant's
   */
  void record(AuditEntry entry);
}

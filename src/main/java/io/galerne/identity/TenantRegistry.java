package io.galerne.identity;

import io.galerne.database.TenantTransactions;
import java.time.Clock;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Creates tenants and their workspaces. Creating one again changes nothing. */
@Component
public class TenantRegistry {
  private final TenantTransactions transactions;
  private final Tenants tenants;
  private final Workspaces workspaces;
  private final Clock clock;

  TenantRegistry(
      TenantTransactions transactions, Tenants tenants, Workspaces workspaces, Clock clock) {
    this.transactions = transactions;
    this.tenants = tenants;
    this.workspaces = workspaces;
    this.clock = clock;
  }

  /** Makes sure that the tenant exists. */
  public void registerTenant(UUID tenantId, String name) {
    transactions.runInTenant(
        tenantId,
        () -> {
          if (!tenants.existsById(tenantId)) {
            tenants.save(new Tenant(tenantId, name, clock.instant()));
          }
        });
  }

  /** Makes sure that the tenant has the workspace. */
  public void registerWorkspace(UUID tenantId, UUID workspaceId, String name) {
    transactions.runInTenant(
        tenantId,
        () -> {
          if (!workspaces.existsById(workspaceId)) {
            workspaces.save(new Workspace(tenantId, workspaceId, name, clock.instant()));
          }
        });
  }
}

package io.galerne.identity;

import io.galerne.database.TenantTransactions;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Creates tenants and their workspaces. Creating one again changes nothing. */
@Component
public class TenantRegistry {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final Clock clock;

  TenantRegistry(TenantTransactions transactions, JdbcClient jdbc, Clock clock) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** Makes sure that the tenant exists. */
  public void registerTenant(UUID tenantId, String name) {
    transactions.runInTenant(
        tenantId,
        () ->
            jdbc.sql(
                    """
                    insert into tenant (tenant_id, name, created_at, version) values (?, ?, ?, 0)
                    on conflict (tenant_id) do nothing
                    """)
                .params(tenantId, name, now())
                .update());
  }

  /** Makes sure that the tenant has the workspace. */
  public void registerWorkspace(UUID tenantId, UUID workspaceId, String name) {
    transactions.runInTenant(
        tenantId,
        () ->
            jdbc.sql(
                    """
                    insert into workspace (tenant_id, id, name, created_at, version)
                    values (?, ?, ?, ?, 0)
                    on conflict (tenant_id, id) do nothing
                    """)
                .params(tenantId, workspaceId, name, now())
                .update());
  }

  private Timestamp now() {
    return Timestamp.from(clock.instant());
  }
}

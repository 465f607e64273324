package io.galerne.limits;

import io.galerne.database.TenantTransactions;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds what limits can be set for. What is another tenant's is not found. */
@Component
public class LimitTargets {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;

  LimitTargets(TenantTransactions transactions, JdbcClient jdbc) {
    this.transactions = transactions;
    this.jdbc = jdbc;
  }

  public Optional<LimitTarget> workspace(UUID tenantId, UUID id) {
    return transactions.inTenant(
        tenantId,
        () ->
            jdbc.sql("select id from workspace where tenant_id = ? and id = ?")
                .params(tenantId, id)
                .query(
                    (row, _) -> {
                      UUID found = row.getObject("id", UUID.class);
                      return new LimitTarget(tenantId, Scope.WORKSPACE, found, found, null);
                    })
                .optional());
  }

  /** A key that was not deleted, and that somebody made. */
  public Optional<LimitTarget> key(UUID tenantId, UUID id) {
    return transactions.inTenant(
        tenantId,
        () ->
            jdbc.sql(
                    """
                    select id, workspace_id, coalesce(line_id, id) as line from api_key
                    where tenant_id = ? and id = ? and revoked_at is null and person_id is null
                    """)
                .params(tenantId, id)
                .query(
                    (row, _) ->
                        new LimitTarget(
                            tenantId,
                            Scope.KEY,
                            row.getObject("line", UUID.class),
                            row.getObject("workspace_id", UUID.class),
                            row.getObject("id", UUID.class)))
                .optional());
  }
}

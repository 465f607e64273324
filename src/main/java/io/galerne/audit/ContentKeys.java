package io.galerne.audit;

import io.galerne.database.TenantTransactions;
import io.galerne.secrets.SealedColumn;
import io.galerne.secrets.SealedPlace;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The tenants' content keys as values under the platform's key-encryption key. */
@Component
class ContentKeys implements SealedColumn {
  private static final String COLUMN = "content_key.sealed";

  private final TenantTransactions tenants;
  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;

  ContentKeys(
      TenantTransactions tenants, PlatformTransactionManager transactionManager, JdbcClient jdbc) {
    this.tenants = tenants;
    this.transactions = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
  }

  static SealedPlace place(UUID tenantId) {
    return new SealedPlace(tenantId, tenantId.toString(), COLUMN);
  }

  @Override
  public String name() {
    return COLUMN;
  }

  @Override
  public List<Row> after(@Nullable Row last, int max) {
    List<Row> rows =
        transactions.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, "galerne.audit_keeper", "on");
              return jdbc.sql(
                      """
                      select tenant_id, sealed from content_key where tenant_id > ?
                      order by tenant_id limit ?
                      """)
                  .params(last == null ? new UUID(0, 0) : last.place().tenantId(), max)
                  .query(
                      (row, _) ->
                          new Row(
                              place(row.getObject("tenant_id", UUID.class)),
                              row.getBytes("sealed")))
                  .list();
            });
    return rows == null ? List.of() : rows;
  }

  @Override
  public boolean replace(Row old, byte[] sealed) {
    UUID tenant = old.place().tenantId();
    return tenants.inTenant(
        tenant,
        () ->
            jdbc.sql("update content_key set sealed = ? where tenant_id = ? and sealed = ?")
                    .params(sealed, tenant, old.sealed())
                    .update()
                > 0);
  }
}

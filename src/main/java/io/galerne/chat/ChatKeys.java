package io.galerne.chat;

import io.galerne.database.TenantTransactions;
import io.galerne.secrets.SealedColumn;
import io.galerne.secrets.SealedPlace;
import io.galerne.secrets.SecretBox;
import io.galerne.secrets.TenantCipher;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The tenants' keys for conversations, as values under the platform's key-encryption key. */
@Component
class ChatKeys implements SealedColumn {
  private static final String COLUMN = "chat_key.sealed";

  private final TenantTransactions tenants;
  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;
  private final SecretBox box;

  ChatKeys(
      TenantTransactions tenants,
      PlatformTransactionManager transactionManager,
      JdbcClient jdbc,
      SecretBox box) {
    this.tenants = tenants;
    this.transactions = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
    this.box = box;
  }

  private static SealedPlace place(UUID tenantId) {
    return new SealedPlace(tenantId, tenantId.toString(), COLUMN);
  }

  @Override
  public String name() {
    return COLUMN;
  }

  /** The tenant's cipher, made with a first key where it has none; within its transaction. */
  TenantCipher cipher(UUID tenantId) {
    byte[] sealed =
        find(tenantId)
            .orElseGet(
                () -> {
                  jdbc.sql(
                          "insert into chat_key (tenant_id, sealed) values (?, ?)"
                              + " on conflict do nothing")
                      .params(tenantId, box.seal(TenantCipher.newKey(), place(tenantId)))
                      .update();
                  return find(tenantId).orElseThrow();
                });
    return new TenantCipher(box.open(sealed, place(tenantId)));
  }

  private Optional<byte[]> find(UUID tenantId) {
    return jdbc.sql("select sealed from chat_key where tenant_id = ?")
        .param(tenantId)
        .query((row, _) -> row.getBytes("sealed"))
        .optional();
  }

  @Override
  public List<Row> after(@Nullable Row last, int max) {
    List<Row> rows =
        transactions.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, "galerne.chat_keeper", "on");
              return jdbc.sql(
                      """
                      select tenant_id, sealed from chat_key where tenant_id > ?
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
            jdbc.sql("update chat_key set sealed = ? where tenant_id = ? and sealed = ?")
                    .params(sealed, tenant, old.sealed())
                    .update()
                > 0);
  }
}

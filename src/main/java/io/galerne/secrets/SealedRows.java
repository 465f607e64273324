package io.galerne.secrets;

import io.galerne.database.TenantTransactions;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A column of a table whose rows have a tenant and an id, where what is not null is sealed. */
public abstract class SealedRows implements SealedColumn {
  private static final UUID FIRST = new UUID(0, 0);

  private final String table;
  private final String id;
  private final String column;
  private final String keeper;
  private final TenantTransactions tenants;
  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;

  /**
   * @param keeper the setting with which a policy shows the rows of all tenants
   */
  protected SealedRows(
      String table,
      String id,
      String column,
      String keeper,
      TenantTransactions tenants,
      PlatformTransactionManager transactionManager,
      JdbcClient jdbc) {
    this.table = table;
    this.id = id;
    this.column = column;
    this.keeper = keeper;
    this.tenants = tenants;
    this.transactions = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
  }

  @Override
  public String name() {
    return table + "." + column;
  }

  @Override
  public List<Row> after(@Nullable Row last, int max) {
    return Objects.requireNonNull(
        transactions.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, keeper, "on");
              return jdbc.sql(
                      """
                      select tenant_id, %2$s as id, %3$s as sealed from %1$s
                      where %3$s is not null and (tenant_id, %2$s) > (?, ?)
                      order by tenant_id, %2$s limit ?
                      """
                          .formatted(table, id, column))
                  .params(
                      last == null ? FIRST : last.place().tenantId(),
                      last == null ? FIRST : UUID.fromString(last.place().rowId()),
                      max)
                  .query(
                      (row, _) ->
                          new Row(
                              new SealedPlace(
                                  row.getObject("tenant_id", UUID.class),
                                  row.getString("id"),
                                  name()),
                              row.getBytes("sealed")))
                  .list();
            }));
  }

  @Override
  public boolean replace(Row old, byte[] sealed) {
    SealedPlace place = old.place();
    return tenants.inTenant(
        place.tenantId(),
        () ->
            jdbc.sql(
                        "update %1$s set %3$s = ? where tenant_id = ? and %2$s = ? and %3$s = ?"
                            .formatted(table, id, column))
                    .params(sealed, place.tenantId(), UUID.fromString(place.rowId()), old.sealed())
                    .update()
                > 0);
  }
}

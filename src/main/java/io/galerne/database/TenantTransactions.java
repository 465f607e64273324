package io.galerne.database;

import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The only way to a tenant's rows: a transaction that is told its tenant. Row level security shows
 * that tenant's rows, whatever the query says, and the setting ends with the transaction.
 *
 * <pre>{@code
 * List<Workspace> own = transactions.inTenant(caller.tenantId(), workspaces::findAll);
 * }</pre>
 */
@Component
public final class TenantTransactions {
  private static final String SETTING = "galerne.tenant";

  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;

  TenantTransactions(PlatformTransactionManager transactionManager, JdbcClient jdbc) {
    this.transactions = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
  }

  /**
   * Runs the work in a transaction for the tenant, or as part of the one that is running.
   *
   * @throws IllegalStateException if the running transaction belongs to another tenant, or to none
   */
  public <T extends @Nullable Object> T inTenant(UUID tenantId, Supplier<T> work) {
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      requireTenant(tenantId);
      return work.get();
    }
    return transactions.execute(
        _ -> {
          setForTransaction(jdbc, SETTING, tenantId.toString());
          return work.get();
        });
  }

  /** As {@link #inTenant}, for work without a result. */
  public void runInTenant(UUID tenantId, Runnable work) {
    inTenant(
        tenantId,
        () -> {
          work.run();
          return null;
        });
  }

  /** Sets a parameter that policies read, until the current transaction ends. */
  public static void setForTransaction(JdbcClient jdbc, String setting, String value) {
    jdbc.sql("select set_config(?, ?, true)").params(setting, value).query().singleValue();
  }

  private void requireTenant(UUID tenantId) {
    String current =
        jdbc.sql("select coalesce(current_setting(?, true), '')")
            .param(SETTING)
            .query(String.class)
            .single();
    if (!current.equals(tenantId.toString())) {
      throw new IllegalStateException(
          "a transaction of tenant '" + current + "' cannot work for tenant " + tenantId);
    }
  }
}

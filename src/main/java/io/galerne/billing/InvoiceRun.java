package io.galerne.billing;

import io.galerne.database.TenantTransactions;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Closes the invoices of months that are over, tenant by tenant. Every instance tries; the ledger's
 * lock lets one of them do it.
 */
@Component
@DependsOnDatabaseInitialization
class InvoiceRun implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(InvoiceRun.class);
  private static final int EVERY_MINUTES = 10;

  private final Invoices invoices;
  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;
  private final Clock clock;
  private final ScheduledExecutorService runner =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("invoices").factory());
  private final Future<?> running;

  InvoiceRun(
      Invoices invoices,
      JdbcClient jdbc,
      PlatformTransactionManager transactionManager,
      BillingProperties properties,
      Clock clock) {
    this.invoices = invoices;
    this.jdbc = jdbc;
    this.transactions = new TransactionTemplate(transactionManager);
    this.clock = clock;
    this.running =
        runner.scheduleWithFixedDelay(
            properties.autoClose() ? this::runSafely : () -> {},
            1,
            EVERY_MINUTES,
            TimeUnit.MINUTES);
  }

  private record Due(UUID tenantId, LocalDate period) {}

  private void runSafely() {
    try {
      run();
    } catch (DataAccessException | TransactionException e) {
      log.warn("invoices could not be closed, it is tried again: {}", e.toString());
    }
  }

  /** Closes what is due; how many invoices there are more. */
  int run() {
    LocalDate thisMonth = YearMonth.now(clock.withZone(ZoneOffset.UTC)).atDay(1);
    int closed = 0;
    for (Due due : due(thisMonth)) {
      if (invoices.closed(due.tenantId(), YearMonth.from(due.period())).isEmpty()
          && invoices.close(due.tenantId(), YearMonth.from(due.period()))
              instanceof Invoices.Closing.Done) {
        closed++;
      }
    }
    if (closed > 0) {
      log.info("closed {} invoices", closed);
    }
    return closed;
  }

  private List<Due> due(LocalDate thisMonth) {
    List<Due> found =
        transactions.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, "galerne.billing", "on");
              return jdbc.sql(
                      """
                      select tenant_id, date_trunc('month', day)::date as period
                      from usage_daily where day < :thisMonth
                      union
                      select tenant_id, date_trunc('month', created_at at time zone 'UTC')::date
                      from billing_correction where created_at < :thisMonth::timestamp at time zone 'UTC'
                      order by 2, 1
                      """)
                  .param("thisMonth", thisMonth)
                  .query(
                      (row, _) ->
                          new Due(
                              row.getObject("tenant_id", UUID.class),
                              row.getObject("period", LocalDate.class)))
                  .list();
            });
    return found == null ? List.of() : found;
  }

  @Override
  public void destroy() {
    running.cancel(true);
    runner.shutdownNow();
  }
}

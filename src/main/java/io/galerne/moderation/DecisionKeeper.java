package io.galerne.moderation;

import io.galerne.database.TenantTransactions;
import java.util.List;
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
 * Takes decisions and kept texts away when their time is over, of all tenants. The database shows
 * it nothing else of them. Every instance does it.
 */
@Component
@DependsOnDatabaseInitialization
class DecisionKeeper implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(DecisionKeeper.class);
  private static final List<String> TABLES = List.of("moderation_decision", "moderation_sample");

  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;
  private final ScheduledExecutorService runner =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("moderation-keeper").factory());
  private final Future<?> running;

  DecisionKeeper(
      PlatformTransactionManager transactionManager,
      JdbcClient jdbc,
      ModerationProperties properties) {
    this.transactions = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
    long every = properties.sweepEvery().toMillis();
    this.running =
        runner.scheduleWithFixedDelay(this::runSafely, every, every, TimeUnit.MILLISECONDS);
  }

  private void runSafely() {
    try {
      run();
    } catch (DataAccessException | TransactionException e) {
      log.warn("expired decisions were not taken away, it is tried again: {}", e.toString());
    }
  }

  /** One round; how many rows went. */
  int run() {
    Integer gone =
        transactions.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, "galerne.moderation_keeper", "on");
              return TABLES.stream()
                  .mapToInt(table -> jdbc.sql("delete from " + table).update())
                  .sum();
            });
    return gone == null ? 0 : gone;
  }

  @Override
  public void destroy() {
    running.cancel(true);
    runner.shutdownNow();
  }
}

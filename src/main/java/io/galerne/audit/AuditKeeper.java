package io.galerne.audit;

import io.galerne.database.TenantTransactions;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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

/** Signs trails that grew, and takes away rows whose time is over. Every instance does it. */
@Component
@DependsOnDatabaseInitialization
class AuditKeeper implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(AuditKeeper.class);

  private final AuditTrails trails;
  private final AuditSettings settings;
  private final TenantTransactions tenants;
  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;
  private final Clock clock;
  private final ScheduledExecutorService runner =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("audit-keeper").factory());
  private final Future<?> running;

  AuditKeeper(
      AuditTrails trails,
      AuditSettings settings,
      AuditProperties properties,
      TenantTransactions tenants,
      PlatformTransactionManager transactionManager,
      JdbcClient jdbc,
      Clock clock) {
    this.trails = trails;
    this.settings = settings;
    this.tenants = tenants;
    this.transactions = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
    this.clock = clock;
    long every = properties.checkpointEvery().toMillis();
    this.running =
        runner.scheduleWithFixedDelay(this::runSafely, every, every, TimeUnit.MILLISECONDS);
  }

  private void runSafely() {
    try {
      run();
    } catch (DataAccessException | TransactionException e) {
      log.warn("the audit trails were not kept, it is tried again: {}", e.toString());
    }
  }

  /** One round over all tenants. */
  void run() {
    for (UUID tenant : tenantsWithTrails()) {
      for (Trail trail : Trail.values()) {
        trails.checkpoint(tenant, trail);
      }
      Instant before = clock.instant().minus(Duration.ofDays(settings.of(tenant).retentionDays()));
      long pruned = 0;
      for (Trail trail : Trail.values()) {
        pruned += trails.prune(tenant, trail, before);
      }
      pruned +=
          tenants.inTenant(
              tenant,
              () ->
                  jdbc.sql("delete from answer_content where tenant_id = ? and at < ?")
                      .params(tenant, Timestamp.from(before))
                      .update());
      if (pruned > 0) {
        log.info("took {} audit rows of tenant {} away", pruned, tenant);
      }
    }
  }

  private List<UUID> tenantsWithTrails() {
    List<UUID> found =
        transactions.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, "galerne.audit_keeper", "on");
              return jdbc.sql(
                      "select tenant_id from audit_head union select tenant_id from answer_head")
                  .query((row, _) -> row.getObject("tenant_id", UUID.class))
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

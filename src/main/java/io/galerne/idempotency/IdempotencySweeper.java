package io.galerne.idempotency;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Deletes old answers now and then. */
@Component
class IdempotencySweeper implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(IdempotencySweeper.class);
  private static final Duration EVERY = Duration.ofMinutes(10);

  private final IdempotencyStore store;
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("idempotency-sweeper").factory());

  IdempotencySweeper(IdempotencyStore store) {
    this.store = store;
    long every = EVERY.toMillis();
    ScheduledFuture<?> _ =
        sweeper.scheduleWithFixedDelay(this::sweep, every, every, TimeUnit.MILLISECONDS);
  }

  private void sweep() {
    try {
      int swept = store.sweep();
      log.debug("deleted {} old answers", swept);
    } catch (DataAccessException | TransactionException e) {
      log.debug("old answers are not deleted yet: {}", e.toString());
    }
  }

  @Override
  public void destroy() {
    sweeper.shutdownNow();
  }
}

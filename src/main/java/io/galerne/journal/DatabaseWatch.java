package io.galerne.journal;

import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Whether the database answers, so that while it doesn't nobody waits to find that out. Who sees it
 * fail says so; the heartbeat finds it again.
 */
@Component
public class DatabaseWatch {
  private static final Logger log = LoggerFactory.getLogger(DatabaseWatch.class);

  private volatile @Nullable Long awaySinceNanos;

  public boolean isAway() {
    return awaySinceNanos != null;
  }

  /** Whether it has been away, but for less than this. */
  public boolean isAwayFor(Duration lessThan) {
    Long since = awaySinceNanos;
    return since != null && System.nanoTime() - since < lessThan.toNanos();
  }

  /**
   * Something could not be done in the database. That all connections were busy says nothing of it.
   */
  public void failed(Exception e) {
    if (awaySinceNanos == null && !isOnlyBusy(e)) {
      awaySinceNanos = System.nanoTime();
      log.warn("the database is away, lines of the ledger are kept in the spool: {}", e.toString());
    }
  }

  /** The pool gave up waiting for a connection of its own, and no new one was refused. */
  private static boolean isOnlyBusy(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLTransientConnectionException timeout) {
        return timeout.getCause() == null && timeout.getNextException() == null;
      }
    }
    return false;
  }

  void answered() {
    if (awaySinceNanos != null) {
      awaySinceNanos = null;
      log.info("the database is back");
    }
  }
}

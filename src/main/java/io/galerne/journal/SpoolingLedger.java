package io.galerne.journal;

import io.galerne.metering.Evidence;
import io.galerne.metering.UsageLedger;
import io.galerne.metering.UsageNotRecordedException;
import io.galerne.metering.UsageRecord;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Primary;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.stereotype.Component;

/**
 * The ledger, also while the database is away: then lines go to the spool, durably, and from there
 * to the table. A line that the table refuses for what it says is no case for the spool.
 */
@Component
@Primary
class SpoolingLedger implements UsageLedger {
  private static final Logger log = LoggerFactory.getLogger(SpoolingLedger.class);

  private final UsageLedger table;
  private final Spool spool;
  private final DatabaseWatch database;
  private final Evidence.Encoder evidence;

  SpoolingLedger(
      @Qualifier("jdbcUsageLedger") UsageLedger table,
      Spool spool,
      DatabaseWatch database,
      Evidence.Encoder evidence) {
    this.table = table;
    this.spool = spool;
    this.database = database;
    this.evidence = evidence;
  }

  @Override
  public void record(UsageRecord usage) {
    if (database.isAway()) {
      keep(usage, null);
      return;
    }
    try {
      table.record(usage);
    } catch (UsageNotRecordedException e) {
      if (isOfTheLine(e.getCause())) {
        throw e;
      }
      database.failed(e);
      keep(usage, e);
    }
  }

  /** A broken connection and a full disk are the database's: the line is as good as before. */
  private static boolean isOfTheLine(@Nullable Throwable cause) {
    return cause instanceof NonTransientDataAccessException
        && !(cause instanceof NonTransientDataAccessResourceException);
  }

  private void keep(UsageRecord usage, @Nullable Throwable cause) {
    try {
      spool.append(List.of(SpoolLine.settled(usage, evidence.encode(usage))));
    } catch (IOException e) {
      if (cause != null) {
        e.addSuppressed(cause);
      }
      log.error("usage neither recorded nor spooled, add it by hand: {}", usage, e);
      throw new UsageNotRecordedException(usage, e);
    }
  }
}

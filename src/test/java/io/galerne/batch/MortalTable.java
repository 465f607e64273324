package io.galerne.batch;

import io.galerne.database.TenantTransactions;
import io.galerne.metering.UsageLedger;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** The lines as a process sees them until it is killed: from then on it writes nothing. */
final class MortalTable extends LineTable {
  volatile boolean dead;

  MortalTable(
      TenantTransactions transactions,
      PlatformTransactionManager transactionManager,
      JdbcClient jdbc,
      UsageLedger ledger) {
    super(transactions, transactionManager, jdbc, ledger);
  }

  @Override
  List<OpenJob> openJobs(int jobsMax) {
    requireLife();
    return super.openJobs(jobsMax);
  }

  @Override
  List<Claimed> claim(OpenJob job, UUID owner, int linesMax, Duration lease) {
    requireLife();
    return super.claim(job, owner, linesMax, lease);
  }

  @Override
  void prolong(OpenJob job, List<Integer> lines, UUID owner, Duration lease) {
    requireLife();
    super.prolong(job, lines, owner, lease);
  }

  @Override
  boolean complete(Claimed line, UUID owner, LineAnswer answer) {
    requireLife();
    return super.complete(line, owner, answer);
  }

  @Override
  void release(Claimed line, UUID owner, Duration delay, boolean tried) {
    requireLife();
    super.release(line, owner, delay, tried);
  }

  private void requireLife() {
    if (dead) {
      throw new DataAccessResourceFailureException("killed");
    }
  }
}

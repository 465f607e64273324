package io.galerne.batch;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.Caller;
import io.galerne.identity.KeyScope;
import io.galerne.metering.UsageLedger;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Who works on which line. A process claims lines for a time and prolongs it; one that died loses
 * them to others, and one that only seemed dead finds that its answers count for nothing. Whatever
 * touches lines locks their job first, so that no two wait for each other.
 */
@Component
class LineTable {
  private final TenantTransactions transactions;
  private final TransactionTemplate anyTenant;
  private final JdbcClient jdbc;
  private final UsageLedger ledger;

  LineTable(
      TenantTransactions transactions,
      PlatformTransactionManager transactionManager,
      JdbcClient jdbc,
      UsageLedger ledger) {
    this.transactions = transactions;
    this.anyTenant = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
    this.ledger = ledger;
  }

  /** A job that has not ended; {@code stop} where it is to end now. */
  record OpenJob(UUID tenantId, UUID jobId, boolean stop) {}

  /** A line that its claimer may compute. */
  record Claimed(OpenJob job, int line, int attempts, LineRequest request) {}

  /** All jobs that have not ended, of all tenants, the oldest first. */
  List<OpenJob> openJobs(int jobsMax) {
    List<OpenJob> jobs =
        anyTenant.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, "galerne.batch_work", "on");
              return jdbc.sql(
                      """
                      select tenant_id, job_id, stop or deadline <= now() as stop from batch_queue
                      order by created_at, job_id limit ?
                      """)
                  .param(jobsMax)
                  .query(
                      (row, _) ->
                          new OpenJob(
                              row.getObject("tenant_id", UUID.class),
                              row.getObject("job_id", UUID.class),
                              row.getBoolean("stop")))
                  .list();
            });
    return jobs == null ? List.of() : jobs;
  }

  /** Claims up to so many lines of a job, with what its key may be used for now. */
  List<Claimed> claim(OpenJob job, UUID owner, int linesMax, Duration lease) {
    return transactions.inTenant(
        job.tenantId(),
        () -> {
          int open =
              jdbc.sql(
                      """
                      update batch_job set status = 'RUNNING', started_at = coalesce(started_at, now())
                      where id = ? and status in ('QUEUED', 'RUNNING') and deadline > now()
                      """)
                  .param(job.jobId())
                  .update();
          return open == 0 ? List.of() : claimLines(job, owner, linesMax, lease);
        });
  }

  private List<Claimed> claimLines(OpenJob job, UUID owner, int linesMax, Duration lease) {
    return jdbc.sql(
            """
            with next as (
              select line from batch_line
              where tenant_id = :tenant and job_id = :job
                and (state = 'PENDING' and coalesce(not_before <= now(), true)
                  or state = 'RUNNING' and lease_until < now())
              order by line limit :lines for update skip locked)
            update batch_line l
            set state = 'RUNNING', owner = :owner, attempts = attempts + 1,
                lease_until = now() + make_interval(secs => :lease)
            from next, batch_job j
              join api_key k on k.tenant_id = j.tenant_id and k.id = j.api_key_id
            where l.tenant_id = :tenant and l.job_id = :job and l.line = next.line
              and j.tenant_id = :tenant and j.id = :job
            returning l.line, l.attempts, l.request_id, l.body, j.endpoint, j.model,
                j.workspace_id, j.api_key_id, k.models, k.endpoints, k.networks
            """)
        .param("tenant", job.tenantId())
        .param("job", job.jobId())
        .param("owner", owner)
        .param("lines", linesMax)
        .param("lease", lease.toMillis() / 1e3)
        .query((row, _) -> claimed(job, row))
        .list();
  }

  private static Claimed claimed(OpenJob job, ResultSet row) throws SQLException {
    Caller caller =
        new Caller(
            job.tenantId(),
            row.getObject("workspace_id", UUID.class),
            row.getObject("api_key_id", UUID.class),
            new KeyScope(texts(row, "models"), texts(row, "endpoints"), texts(row, "networks")));
    return new Claimed(
        job,
        row.getInt("line"),
        row.getInt("attempts"),
        new LineRequest(
            row.getString("endpoint"),
            row.getString("model"),
            row.getString("body"),
            caller,
            row.getObject("request_id", UUID.class)));
  }

  private static List<String> texts(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    return List.of((String[]) array.getArray());
  }

  /** Prolongs the owner's hold on lines of a job. */
  void prolong(OpenJob job, List<Integer> lines, UUID owner, Duration lease) {
    transactions.runInTenant(
        job.tenantId(),
        () ->
            jdbc.sql(
                    """
                    update batch_line set lease_until = now() + make_interval(secs => :lease)
                    where tenant_id = :tenant and job_id = :job and line in (:lines)
                      and owner = :owner
                    """)
                .param("lease", lease.toMillis() / 1e3)
                .param("tenant", job.tenantId())
                .param("job", job.jobId())
                .param("lines", lines)
                .param("owner", owner)
                .update());
  }

  /**
   * Stores an answer and its line in the ledger, both or neither. False if the line is somebody
   * else's by now, or gone: then the answer counts for nothing and is not billed.
   */
  boolean complete(Claimed line, UUID owner, LineAnswer answer) {
    return transactions.inTenant(
        line.job().tenantId(),
        () -> {
          jdbc.sql("select 1 from batch_job where id = ? for update")
              .param(line.job().jobId())
              .query()
              .listOfRows();
          int stored =
              jdbc.sql(
                      """
                      update batch_line
                      set state = ?, owner = null, lease_until = null, status_code = ?, answer = ?
                      where tenant_id = ? and job_id = ? and line = ? and state = 'RUNNING'
                        and owner = ? and attempts = ?
                      """)
                  .params(
                      answer.succeeded() ? "SUCCEEDED" : "FAILED",
                      answer.status(),
                      answer.body(),
                      line.job().tenantId(),
                      line.job().jobId(),
                      line.line(),
                      owner,
                      line.attempts())
                  .update();
          if (stored == 0) {
            return false;
          }
          if (answer.usage() != null) {
            ledger.record(answer.usage());
          }
          String counter = answer.succeeded() ? "succeeded" : "failed";
          jdbc.sql("update batch_job set " + counter + " = " + counter + " + 1 where id = ?")
              .param(line.job().jobId())
              .update();
          return true;
        });
  }

  /**
   * Gives a line back, to be computed later.
   *
   * @param tried whether the attempt counts
   */
  void release(Claimed line, UUID owner, Duration delay, boolean tried) {
    transactions.runInTenant(
        line.job().tenantId(),
        () ->
            jdbc.sql(
                    """
                    update batch_line
                    set state = 'PENDING', owner = null, lease_until = null,
                        attempts = attempts - ?, not_before = now() + make_interval(secs => ?)
                    where tenant_id = ? and job_id = ? and line = ? and state = 'RUNNING'
                      and owner = ? and attempts = ?
                    """)
                .params(
                    tried ? 0 : 1,
                    delay.toMillis() / 1e3,
                    line.job().tenantId(),
                    line.job().jobId(),
                    line.line(),
                    owner,
                    line.attempts())
                .update());
  }
}

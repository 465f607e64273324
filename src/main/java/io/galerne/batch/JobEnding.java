package io.galerne.batch;

import io.galerne.database.TenantTransactions;
import io.galerne.files.FileDescription;
import io.galerne.files.FileStore;
import io.galerne.files.FileWriter;
import io.galerne.files.SampleType;
import io.galerne.files.Visibility;
import io.galerne.identity.Caller;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends jobs: when no line is left to compute, or none is to be, what was answered becomes the job's
 * files, in the order of the lines and in the transaction that says so.
 */
@Component
class JobEnding {
  private static final int FETCH_ROWS = 50;
  private static final String MIMETYPE = "application/jsonl";

  private final TenantTransactions transactions;
  private final TransactionTemplate anyTenant;
  private final JdbcClient jdbc;
  private final FileStore files;
  private final BatchProperties limits;

  JobEnding(
      TenantTransactions transactions,
      PlatformTransactionManager transactionManager,
      JdbcClient jdbc,
      FileStore files,
      BatchProperties limits) {
    this.transactions = transactions;
    this.anyTenant = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
    this.files = files;
    this.limits = limits;
  }

  private record Ended(BatchJob job, Caller owner, boolean late) {}

  /** False if the job goes on, or another process is ending it. */
  boolean endIfDone(LineTable.OpenJob job) {
    return transactions.inTenant(
        job.tenantId(),
        () -> {
          Optional<Ended> found = lock(job);
          if (found.isEmpty() || goesOn(job, stops(found.get()))) {
            return false;
          }
          end(found.get());
          return true;
        });
  }

  /** Deletes jobs whose time is over, of all tenants. */
  void deleteExpired() {
    anyTenant.executeWithoutResult(
        _ -> {
          TenantTransactions.setForTransaction(jdbc, "galerne.expiry", "on");
          jdbc.sql("delete from batch_job where expires_at <= now()").update();
        });
  }

  private Optional<Ended> lock(LineTable.OpenJob job) {
    return jdbc.sql(
            """
            select *, deadline <= now() as late from batch_job
            where id = ? and completed_at is null for update skip locked
            """)
        .param(job.jobId())
        .query(
            (row, index) ->
                new Ended(
                    JobRows.job(row, index),
                    new Caller(
                        job.tenantId(),
                        row.getObject("workspace_id", UUID.class),
                        row.getObject("api_key_id", UUID.class)),
                    row.getBoolean("late")))
        .optional();
  }

  private static boolean stops(Ended ended) {
    return ended.late() || ended.job().status() == JobStatus.CANCELLATION_REQUESTED;
  }

  private boolean goesOn(LineTable.OpenJob job, boolean stops) {
    String open =
        stops ? "state = 'RUNNING' and lease_until >= now()" : "state in ('PENDING', 'RUNNING')";
    return jdbc.sql(
            "select exists (select from batch_line where tenant_id = ? and job_id = ? and "
                + open
                + ")")
        .params(job.tenantId(), job.jobId())
        .query(Boolean.class)
        .single();
  }

  private void end(Ended ended) {
    BatchJob job = ended.job();
    FrequentErrors errors = new FrequentErrors();
    UUID output = write(ended, "SUCCEEDED", SampleType.BATCH_RESULT, null);
    UUID failures = write(ended, "FAILED", SampleType.BATCH_ERROR, errors);
    jdbc.sql("delete from batch_line where tenant_id = ? and job_id = ?")
        .params(ended.owner().tenantId(), job.id())
        .update();
    jdbc.sql("delete from batch_queue where tenant_id = ? and job_id = ?")
        .params(ended.owner().tenantId(), job.id())
        .update();
    jdbc.sql(
            """
            update batch_job
            set status = :status, output_file = :output, error_file = :failures,
                errors = cast(:errors as jsonb), completed_at = now(),
                expires_at = now() + make_interval(secs => :retention)
            where id = :id
            """)
        .param("status", status(ended).name())
        .param("output", output, Types.OTHER)
        .param("failures", failures, Types.OTHER)
        .param("errors", JobRows.json(errors.mostFrequent()))
        .param("retention", (double) limits.retention().toSeconds())
        .param("id", job.id())
        .update();
  }

  private static JobStatus status(Ended ended) {
    BatchJob job = ended.job();
    if (job.succeeded() + job.failed() == job.total()) {
      return job.succeeded() > 0 ? JobStatus.SUCCESS : JobStatus.FAILED;
    }
    return job.status() == JobStatus.CANCELLATION_REQUESTED
        ? JobStatus.CANCELLED
        : JobStatus.TIMEOUT_EXCEEDED;
  }

  /** Null if there are no such lines. */
  private @Nullable UUID write(
      Ended ended, String state, SampleType type, @Nullable FrequentErrors errors) {
    BatchJob job = ended.job();
    if ((errors == null ? job.succeeded() : job.failed()) == 0) {
      return null;
    }
    AtomicInteger count = new AtomicInteger();
    try (FileWriter file = files.createResult(ended.owner());
        Stream<ResultLine> lines = lines(ended, state)) {
      lines.forEach(
          line -> {
            byte[] bytes = line.json(job.id()).getBytes(StandardCharsets.UTF_8);
            file.write(bytes, 0, bytes.length);
            count.incrementAndGet();
            if (errors != null) {
              errors.add(line.answer());
            }
          });
      String name = job.id() + (errors == null ? "_results.jsonl" : "_errors.jsonl");
      return file.complete(
              new FileDescription(name, type, Visibility.WORKSPACE, MIMETYPE, count.get(), null))
          .id();
    }
  }

  private Stream<ResultLine> lines(Ended ended, String state) {
    return jdbc
        .sql(
            """
            select line, request_id, custom_id, status_code, answer from batch_line
            where tenant_id = ? and job_id = ? and state = ? order by line
            """)
        .withFetchSize(FETCH_ROWS)
        .params(ended.owner().tenantId(), ended.job().id(), state)
        .query(JobEnding::line)
        .stream();
  }

  private static ResultLine line(ResultSet row, int index) throws SQLException {
    return new ResultLine(
        row.getInt("line"),
        row.getObject("request_id", UUID.class),
        row.getString("custom_id"),
        row.getInt("status_code"),
        row.getString("answer"));
  }
}

package io.galerne.batch;

import io.galerne.catalog.ModelCatalog;
import io.galerne.database.TenantTransactions;
import io.galerne.files.FileStore;
import io.galerne.files.StoredFile;
import io.galerne.identity.Caller;
import java.io.InputStream;
import java.sql.Timestamp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * The jobs of each workspace: taking them, showing them, and asking for their end. A job of another
 * workspace or tenant is not found.
 */
@Service
public class BatchJobs {
  private static final String OWN =
      "from batch_job where tenant_id = :tenant and workspace_id = :workspace";

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final JobCreation creation;
  private final FileStore files;
  private final ModelCatalog catalog;
  private final BatchProperties limits;
  private final WorkSignal signal;

  BatchJobs(
      TenantTransactions transactions,
      JdbcClient jdbc,
      JobCreation creation,
      FileStore files,
      ModelCatalog catalog,
      BatchProperties limits,
      WorkSignal signal) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.creation = creation;
    this.files = files;
    this.catalog = catalog;
    this.limits = limits;
    this.signal = signal;
  }

  /** A part of a list, and how many there are in all. */
  public record Page(List<BatchJob> jobs, long total) {}

  /** Takes a job with all its lines, or nothing of it. */
  public Creation create(Caller caller, JobRequest request) {
    Creation created = creation.create(caller, request);
    signal.raise();
    return created;
  }

  /** What reads requests as a file comes; it hands each good one to the target. */
  public RequestLines reader(Caller caller, Consumer<RequestLine> target) {
    return new RequestLines(limits, name -> catalog.resolve(caller.tenantId(), name), target);
  }

  /** The caller's job, or nothing if the caller has none of that id. */
  public Optional<BatchJob> find(Caller caller, UUID id) {
    return transactions.inTenant(
        caller.tenantId(),
        () ->
            jdbc.sql("select * " + OWN + " and id = :id")
                .params(owner(caller))
                .param("id", id)
                .query(JobRows::job)
                .optional());
  }

  /**
   * The caller's jobs.
   *
   * @param page from 0
   */
  public Page list(Caller caller, JobFilter filter, int page, int pageSize) {
    Map<String, Object> params = owner(caller);
    String where = OWN + conditions(filter, caller, params);
    String order = filter.oldestFirst() ? "created_at, id" : "created_at desc, id desc";
    return transactions.inTenant(
        caller.tenantId(),
        () ->
            new Page(
                jdbc.sql("select * " + where + " order by " + order + " limit :size offset :from")
                    .params(params)
                    .param("size", pageSize)
                    .param("from", (long) page * pageSize)
                    .query(JobRows::job)
                    .list(),
                jdbc.sql("select count(*) " + where).params(params).query(Long.class).single()));
  }

  private static String conditions(JobFilter filter, Caller caller, Map<String, Object> params) {
    StringBuilder where = new StringBuilder();
    if (filter.model() != null) {
      where.append(" and model = :model");
      params.put("model", filter.model());
    }
    if (!filter.metadata().isEmpty()) {
      where.append(" and metadata @> cast(:metadata as jsonb)");
      params.put("metadata", JobRows.json(filter.metadata()));
    }
    if (filter.createdAfter() != null) {
      where.append(" and created_at > :after");
      params.put("after", Timestamp.from(filter.createdAfter()));
    }
    if (filter.createdByMe()) {
      where.append(" and api_key_id = :key");
      params.put("key", caller.apiKeyId());
    }
    if (!filter.statuses().isEmpty()) {
      where.append(" and status in (:statuses)");
      params.put("statuses", filter.statuses().stream().map(Enum::name).toList());
    }
    return where.toString();
  }

  /** Asks for the end of a job; one that has ended stays as it is. */
  public Optional<BatchJob> cancel(Caller caller, UUID id) {
    Optional<BatchJob> job =
        transactions.inTenant(
            caller.tenantId(),
            () -> {
              int changed =
                  jdbc.sql(
                          "update batch_job set status = 'CANCELLATION_REQUESTED'"
                              + " where tenant_id = :tenant and workspace_id = :workspace"
                              + " and id = :id and status in ('QUEUED', 'RUNNING')")
                      .params(owner(caller))
                      .param("id", id)
                      .update();
              if (changed > 0) {
                jdbc.sql("update batch_queue set stop = true where tenant_id = ? and job_id = ?")
                    .params(caller.tenantId(), id)
                    .update();
              }
              return find(caller, id);
            });
    signal.raise();
    return job;
  }

  /**
   * Forgets a job, also one that runs: its lines are cut off, and those that were answered stay
   * billed. Its files stay. False if the caller has no such job.
   */
  public boolean delete(Caller caller, UUID id) {
    boolean deleted =
        transactions.inTenant(
            caller.tenantId(),
            () ->
                jdbc.sql("delete " + OWN + " and id = :id")
                        .params(owner(caller))
                        .param("id", id)
                        .update()
                    > 0);
    signal.raise();
    return deleted;
  }

  /** The file with the job's answers, if it has one that is still there. */
  public Optional<StoredFile> output(Caller caller, BatchJob job) {
    UUID file = job.outputFile();
    return file == null ? Optional.empty() : files.find(caller, file);
  }

  /** The bytes of a file that was found. */
  public InputStream open(Caller caller, StoredFile file) {
    return files.open(caller.tenantId(), file);
  }

  private static Map<String, Object> owner(Caller caller) {
    Map<String, Object> params = new HashMap<>();
    params.put("tenant", caller.tenantId());
    params.put("workspace", caller.workspaceId());
    return params;
  }
}

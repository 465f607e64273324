package io.galerne.batch;

import io.galerne.catalog.EmbeddingCard;
import io.galerne.catalog.ModelCard;
import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.Resolution;
import io.galerne.database.TenantTransactions;
import io.galerne.files.FileStore;
import io.galerne.files.SampleType;
import io.galerne.files.StoredFile;
import io.galerne.identity.Caller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Types;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes a job and a row for each of its lines, in one transaction. */
@Component
class JobCreation {
  private static final int READ_BYTES = 64 * 1024;

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final JdbcOperations batches;
  private final FileStore files;
  private final ModelCatalog catalog;
  private final BatchProperties limits;

  JobCreation(
      TenantTransactions transactions,
      JdbcClient jdbc,
      JdbcOperations batches,
      FileStore files,
      ModelCatalog catalog,
      BatchProperties limits) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.batches = batches;
    this.files = files;
    this.catalog = catalog;
    this.limits = limits;
  }

  /** Takes the transaction back with it. */
  private static final class NotCreated extends RuntimeException {
    private final transient Creation reason;

    NotCreated(Creation reason) {
      super(reason.toString(), null, false, false);
      this.reason = reason;
    }
  }

  Creation create(Caller caller, JobRequest request) {
    Creation refusal = refusal(caller, request);
    if (refusal != null) {
      return refusal;
    }
    try {
      return new Creation.Created(
          transactions.inTenant(caller.tenantId(), () -> insert(caller, request)));
    } catch (NotCreated e) {
      return e.reason;
    }
  }

  /** What can be known before any line is looked at; null where nothing is wrong. */
  private @Nullable Creation refusal(Caller caller, JobRequest request) {
    if (!caller.scope().allowsPath(request.endpoint())) {
      return new Creation.EndpointNotAllowed(request.endpoint());
    }
    String model = request.model();
    if (model == null) {
      return null;
    }
    String id;
    switch (catalog.resolve(caller.tenantId(), model)) {
      case Resolution.Unknown(String name) -> {
        return new Creation.UnknownModel(name);
      }
      case Resolution.Found(ModelCard card) -> id = card.id();
      case Resolution.Embedding(EmbeddingCard card) -> id = card.id();
    }
    return caller.scope().allowsModel(model, id) ? null : new Creation.ModelNotAllowed(model);
  }

  private BatchJob insert(Caller caller, JobRequest request) {
    // jobs of a tenant are taken one after the other, so that their number keeps its bound
    jdbc.sql("select 1 from tenant for update").query().listOfRows();
    int open = jdbc.sql("select count(*) from batch_queue").query(Integer.class).single();
    if (open >= limits.jobsPerTenantMax()) {
      throw new NotCreated(new Creation.TooManyJobs(limits.jobsPerTenantMax()));
    }
    UUID id = UUID.randomUUID();
    insertJob(caller, request, id);
    LineInserter lines =
        new LineInserter(batches, caller.tenantId(), id, request, limits.linesMax());
    request.requests().forEach(lines::accept);
    for (UUID file : request.inputFiles()) {
      read(caller, file, lines);
    }
    lines.flush();
    if (!lines.problems().isEmpty()) {
      throw new NotCreated(new Creation.BadLines(lines.problems()));
    }
    jdbc.sql(
            """
            insert into batch_queue (tenant_id, job_id, created_at, deadline)
            select tenant_id, id, created_at, deadline from batch_job where id = ?
            """)
        .param(id)
        .update();
    return jdbc.sql("update batch_job set total = ? where id = ? returning *")
        .params(lines.count(), id)
        .query(JobRows::job)
        .single();
  }

  private void insertJob(Caller caller, JobRequest request, UUID id) {
    jdbc.sql(
            """
            insert into batch_job (tenant_id, id, workspace_id, api_key_id, endpoint, model,
                metadata, input_files, status, deadline)
            values (:tenant, :id, :workspace, :key, :endpoint, :model, cast(:metadata as jsonb),
                cast(:files as uuid[]), 'QUEUED', now() + make_interval(secs => :timeout))
            """)
        .param("tenant", caller.tenantId())
        .param("id", id)
        .param("workspace", caller.workspaceId())
        .param("key", caller.apiKeyId())
        .param("endpoint", request.endpoint())
        .param("model", request.model(), Types.VARCHAR)
        .param(
            "metadata",
            request.metadata() == null ? null : JobRows.json(request.metadata()),
            Types.VARCHAR)
        .param("files", JobRows.array(request.inputFiles()))
        .param("timeout", (double) request.timeout().toSeconds())
        .update();
  }

  private void read(Caller caller, UUID id, LineInserter lines) {
    Optional<StoredFile> file = files.find(caller, id);
    if (file.isEmpty()) {
      throw new NotCreated(new Creation.FileMissing(id));
    }
    if (file.get().sampleType() != SampleType.BATCH_REQUEST) {
      throw new NotCreated(new Creation.NotRequests(id));
    }
    RequestLines reader =
        new RequestLines(limits, name -> catalog.resolve(caller.tenantId(), name), lines::accept);
    byte[] bytes = new byte[READ_BYTES];
    try (InputStream content = files.open(caller.tenantId(), file.get())) {
      for (int read; (read = content.read(bytes)) >= 0; ) {
        reader.accept(bytes, 0, read);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader.end();
    if (!reader.problems().isEmpty()) { // a model that was offered when it was uploaded
      throw new NotCreated(new Creation.BadLines(reader.problems()));
    }
  }
}

package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.batch.BatchJob;
import io.galerne.batch.JobStatus;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/**
 * A batch job as clients see it.
 *
 * @param outputs lines of the output file, where they are wanted and there are any
 * @param createdAt seconds since 1970, like the other times
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record BatchJobEntry(
    UUID id,
    String object,
    @JsonProperty("input_files") List<UUID> inputFiles,
    @Nullable RawValue metadata,
    String endpoint,
    @Nullable String model,
    @JsonProperty("agent_id") @Nullable String agentId,
    @JsonProperty("output_file") @Nullable UUID outputFile,
    @JsonProperty("error_file") @Nullable UUID errorFile,
    List<BatchJob.JobError> errors,
    @Nullable RawValue outputs,
    JobStatus status,
    @JsonProperty("created_at") long createdAt,
    @JsonProperty("total_requests") int total,
    @JsonProperty("completed_requests") int completed,
    @JsonProperty("succeeded_requests") int succeeded,
    @JsonProperty("failed_requests") int failed,
    @JsonProperty("started_at") @Nullable Long startedAt,
    @JsonProperty("completed_at") @Nullable Long completedAt) {

  /** A page of jobs. */
  record Page(List<BatchJobEntry> data, String object, long total) {}

  static BatchJobEntry of(BatchJob job) {
    return of(job, null);
  }

  /**
   * @param outputs a JSON array
   */
  static BatchJobEntry of(BatchJob job, @Nullable String outputs) {
    return new BatchJobEntry(
        job.id(),
        "batch",
        job.inputFiles(),
        raw(job.metadata()),
        job.endpoint(),
        job.model(),
        null,
        job.outputFile(),
        job.errorFile(),
        job.errors(),
        raw(outputs),
        job.status(),
        job.createdAt().getEpochSecond(),
        job.total(),
        job.succeeded() + job.failed(),
        job.succeeded(),
        job.failed(),
        seconds(job.startedAt()),
        seconds(job.completedAt()));
  }

  private static @Nullable RawValue raw(@Nullable String json) {
    return json == null ? null : new RawValue(json);
  }

  private static @Nullable Long seconds(@Nullable Instant instant) {
    return instant == null ? null : instant.getEpochSecond();
  }
}

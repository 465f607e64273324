package io.galerne.batch;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as it stands.
 *
 * @param model for lines that name none
 * @param metadata JSON of an object
 * @param inputFiles empty where the requests came with the job
 * @param errors what failed lines were told, the most frequent first
 */
public record BatchJob(
    UUID id,
    String endpoint,
    @Nullable String model,
    @Nullable String metadata,
    List<UUID> inputFiles,
    JobStatus status,
    int total,
    int succeeded,
    int failed,
    @Nullable UUID outputFile,
    @Nullable UUID errorFile,
    List<JobError> errors,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant completedAt) {
  public BatchJob {
    inputFiles = List.copyOf(inputFiles);
    errors = List.copyOf(errors);
  }

  /** What so many lines were told. */
  public record JobError(String message, int count) {}
}

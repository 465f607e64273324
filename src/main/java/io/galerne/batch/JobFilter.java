package io.galerne.batch;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs a list is to have, and in which order; what is null or empty lets all pass.
 *
 * @param metadata entries that a job's metadata has
 * @param createdByMe whether only jobs of the caller's own key are wanted
 */
public record JobFilter(
    @Nullable String model,
    Map<String, String> metadata,
    @Nullable Instant createdAfter,
    boolean createdByMe,
    List<JobStatus> statuses,
    boolean oldestFirst) {
  public JobFilter {
    metadata = Map.copyOf(metadata);
    statuses = List.copyOf(statuses);
  }
}

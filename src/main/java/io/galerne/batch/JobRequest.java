package io.galerne.batch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job that a client asks for.
 *
 * @param model for lines that name none
 * @param requests in place of files; empty where there are files
 */
public record JobRequest(
    String endpoint,
    @Nullable String model,
    @Nullable Map<String, String> metadata,
    Duration timeout,
    List<UUID> inputFiles,
    List<RequestLine> requests) {
  public JobRequest {
    inputFiles = List.copyOf(inputFiles);
    requests = List.copyOf(requests);
  }
}

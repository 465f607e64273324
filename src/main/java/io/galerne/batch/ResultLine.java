package io.galerne.batch;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A line of an output or error file.
 *
 * @param answer JSON of the endpoint's body
 */
record ResultLine(int line, UUID requestId, @Nullable String customId, int status, String answer) {
  /** With the end of the line. The body stays as the endpoint wrote it. */
  String json(UUID jobId) {
    String job = jobId.toString().substring(0, 8);
    return "{\"id\":\"batch-%s-%d-%s\",\"custom_id\":%s,\"response\":{\"status_code\":%d,\"body\":"
            .formatted(
                job, line, requestId, customId == null ? "null" : JobRows.json(customId), status)
        + answer
        + "},\"error\":null}\n";
  }
}

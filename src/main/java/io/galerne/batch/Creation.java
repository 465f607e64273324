package io.galerne.batch;

import java.util.List;
import java.util.UUID;

/** What became of the wish for a job. */
public sealed interface Creation {
  record Created(BatchJob job) implements Creation {}

  /** There is no such file for this caller. */
  record FileMissing(UUID file) implements Creation {}

  /** The file does not hold requests. */
  record NotRequests(UUID file) implements Creation {}

  record UnknownModel(String model) implements Creation {}

  /** The caller's key is not for this model. */
  record ModelNotAllowed(String model) implements Creation {}

  /** The caller's key is not for this endpoint. */
  record EndpointNotAllowed(String endpoint) implements Creation {}

  /** Lines that don't fit the job. */
  record BadLines(List<LineProblem> problems) implements Creation {
    public BadLines {
      problems = List.copyOf(problems);
    }
  }

  /** As many jobs of the tenant as may be have not ended. */
  record TooManyJobs(int jobsMax) implements Creation {}
}

package io.galerne.batch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/** Writes the lines of one new job, and finds those that don't fit it. For one thread. */
final class LineInserter {
  private static final int ROWS_AT_ONCE = 200;
  private static final int PROBLEMS_MAX = 20;

  private final JdbcOperations jdbc;
  private final UUID tenantId;
  private final UUID jobId;
  private final JobRequest job;
  private final int linesMax;
  private final List<Object[]> rows = new ArrayList<>();
  private final Set<String> customIds = new HashSet<>();
  private final List<LineProblem> problems = new ArrayList<>();
  private int count;

  LineInserter(JdbcOperations jdbc, UUID tenantId, UUID jobId, JobRequest job, int linesMax) {
    this.jdbc = jdbc;
    this.tenantId = tenantId;
    this.jobId = jobId;
    this.job = job;
    this.linesMax = linesMax;
  }

  int count() {
    return count;
  }

  List<LineProblem> problems() {
    return problems;
  }

  void accept(RequestLine line) {
    if (problems.size() >= PROBLEMS_MAX || !isGood(line)) {
      return;
    }
    count++;
    rows.add(
        new Object[] {tenantId, jobId, count, line.customId(), UUID.randomUUID(), line.body()});
    if (rows.size() == ROWS_AT_ONCE) {
      flush();
    }
  }

  void flush() {
    if (problems.isEmpty() && !rows.isEmpty()) {
      jdbc.batchUpdate(
          "insert into batch_line (tenant_id, job_id, line, custom_id, request_id, body)"
              + " values (?, ?, ?, ?, ?, ?)",
          rows);
    }
    rows.clear();
  }

  private boolean isGood(RequestLine line) {
    String url = line.url();
    String customId = line.customId();
    if (count >= linesMax) {
      return refuse(line, "", "too_long", "a job has at most " + linesMax + " requests");
    }
    if (line.model() == null && job.model() == null) {
      return refuse(line, "body.model", "missing", "neither the request nor the job names a model");
    }
    if (url != null && !url.equals(job.endpoint())) {
      return refuse(line, "url", "value_error", "url is not the job's endpoint");
    }
    if (customId != null && !customIds.add(customId)) {
      return refuse(line, "custom_id", "value_error", "custom_id was used before in this job");
    }
    return true;
  }

  private boolean refuse(RequestLine line, String field, String type, String message) {
    problems.add(new LineProblem(line.line(), field, type, message));
    return false;
  }
}

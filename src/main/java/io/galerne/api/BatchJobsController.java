package io.galerne.api;

import io.galerne.batch.BatchJob;
import io.galerne.batch.BatchJobs;
import io.galerne.batch.BatchProperties;
import io.galerne.batch.Creation;
import io.galerne.batch.JobFilter;
import io.galerne.batch.JobRequest;
import io.galerne.batch.JobStatus;
import io.galerne.files.StoredFile;
import io.galerne.identity.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code /v1/batch/jobs}. */
@RestController
class BatchJobsController {
  static final int PAGE_SIZE_MAX = 1000;

  private static final Map<String, JobStatus> STATUSES =
      Arrays.stream(JobStatus.values()).collect(Collectors.toMap(Enum::name, Function.identity()));

  private static final Set<String> PARAMETERS =
      Set.of(
          "page",
          "page_size",
          "model",
          "agent_id",
          "metadata",
          "created_after",
          "created_by_me",
          "status",
          "order_by");

  private final RequestBodies bodies;
  private final BatchJobReader reader;
  private final BatchJobs jobs;
  private final BatchProperties limits;
  private final JsonMapper mapper;

  BatchJobsController(
      RequestBodies bodies,
      BatchJobReader reader,
      BatchJobs jobs,
      BatchProperties limits,
      JsonMapper mapper) {
    this.bodies = bodies;
    this.reader = reader;
    this.jobs = jobs;
    this.limits = limits;
    this.mapper = mapper;
  }

  @PostMapping("/v1/batch/jobs")
  ResponseEntity<BatchJobEntry> create(
      HttpServletRequest request, @AuthenticationPrincipal Caller caller) {
    int bodyMax = Math.toIntExact(limits.inlineSizeMax().toBytes());
    JobRequest asked = reader.read(bodies.read(request, bodyMax));
    Creation creation = jobs.create(caller, asked);
    if (creation instanceof Creation.Created(BatchJob job)) {
      return json(BatchJobEntry.of(job));
    }
    throw BatchRefusals.of(creation, asked.inputFiles().isEmpty());
  }

  @GetMapping("/v1/batch/jobs")
  ResponseEntity<BatchJobEntry.Page> list(
      HttpServletRequest request, @AuthenticationPrincipal Caller caller) {
    QueryReader query = new QueryReader(request);
    int page = query.integer("page", 0, 0, QueryReader.PAGE_MAX);
    int pageSize = query.integer("page_size", 100, 1, PAGE_SIZE_MAX);
    List<Boolean> order = query.oneOf("order_by", Map.of("created", true, "-created", false));
    String agent = query.text("agent_id");
    JobFilter filter =
        new JobFilter(
            query.text("model"),
            metadata(query),
            query.instant("created_after"),
            Boolean.TRUE.equals(query.flag("created_by_me")),
            query.oneOf("status", STATUSES),
            !order.isEmpty() && order.getFirst());
    query.end();
    if (agent != null) { // no job is an agent's
      return json(new BatchJobEntry.Page(List.of(), "list", 0));
    }
    BatchJobs.Page found = jobs.list(caller, filter, page, pageSize);
    return json(
        new BatchJobEntry.Page(
            found.jobs().stream().map(BatchJobEntry::of).toList(), "list", found.total()));
  }

  /** The official clients spread a map over the query; a JSON object is taken as well. */
  private Map<String, String> metadata(QueryReader query) {
    Map<String, String> metadata = new HashMap<>(query.others(PARAMETERS));
    String json = query.text("metadata");
    if (json != null) {
      metadata.putAll(query.object("metadata", json, mapper));
    }
    return metadata;
  }

  @GetMapping("/v1/batch/jobs/{id}")
  ResponseEntity<BatchJobEntry> retrieve(
      @PathVariable String id, HttpServletRequest request, @AuthenticationPrincipal Caller caller)
      throws IOException {
    QueryReader query = new QueryReader(request);
    Boolean inline = query.flag("inline");
    query.end();
    UUID jobId = QueryReader.id("job_id", id);
    BatchJob job = jobs.find(caller, jobId).orElseThrow(() -> BatchRefusals.noJob(jobId));
    return json(BatchJobEntry.of(job, outputs(caller, job, inline)));
  }

  /** Given with a job whose requests came inline, unless the client says otherwise. */
  private @Nullable String outputs(Caller caller, BatchJob job, @Nullable Boolean inline)
      throws IOException {
    boolean wanted = inline == null ? job.inputFiles().isEmpty() : inline;
    Optional<StoredFile> file = wanted ? jobs.output(caller, job) : Optional.empty();
    if (file.isEmpty()) {
      return null;
    }
    long bytesMax = limits.inlineSizeMax().toBytes();
    if (file.get().bytes() > bytesMax) {
      if (inline == null) {
        return null;
      }
      throw ApiException.badRequest(
          new ErrorEnvelope(
              "The outputs are larger than %d bytes: download the output_file".formatted(bytesMax),
              ErrorEnvelope.INVALID_REQUEST,
              "inline",
              null));
    }
    try (InputStream content = jobs.open(caller, file.get())) {
      String lines = new String(content.readAllBytes(), StandardCharsets.UTF_8);
      return "[" + lines.strip().replace('\n', ',') + "]";
    }
  }

  @PostMapping("/v1/batch/jobs/{id}/cancel")
  ResponseEntity<BatchJobEntry> cancel(
      @PathVariable String id, @AuthenticationPrincipal Caller caller) {
    UUID jobId = QueryReader.id("job_id", id);
    return json(
        BatchJobEntry.of(jobs.cancel(caller, jobId).orElseThrow(() -> BatchRefusals.noJob(jobId))));
  }

  @DeleteMapping("/v1/batch/jobs/{id}")
  ResponseEntity<DeletedEntry> delete(
      @PathVariable String id, @AuthenticationPrincipal Caller caller) {
    UUID jobId = QueryReader.id("job_id", id);
    if (!jobs.delete(caller, jobId)) {
      throw BatchRefusals.noJob(jobId);
    }
    return json(new DeletedEntry(jobId, "batch", true));
  }

  private static <T> ResponseEntity<T> json(T body) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
  }
}

package io.galerne.api;

import io.galerne.batch.BatchProperties;
import io.galerne.batch.JobStatus;
import io.swagger.v3.oas.models.OpenAPI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;

/** What the document says of files and batches. */
@Component
@Order(0) // before what all operations have in common
class BatchDocument implements OpenApiCustomizer {
  private static final String FILES = "/v1/files";
  private static final String FILE = "/v1/files/{id}";
  private static final String JOBS = "/v1/batch/jobs";
  private static final String JOB = "/v1/batch/jobs/{id}";
  private static final String FILE_TAG = "Files";
  private static final String BATCH_TAG = "Batch";
  private static final Shape PAGE = Shape.integer(0, QueryReader.PAGE_MAX);

  private final boolean strict;
  private final int requestsMax;

  BatchDocument(ApiProperties properties, BatchProperties limits) {
    strict = properties.strict();
    requestsMax = limits.inlineMax();
  }

  @Override
  public void customise(OpenAPI document) {
    files(document);
    jobs(document);
  }

  private static void files(OpenAPI document) {
    OperationNotes.of(document, HttpMethod.POST, FILES, "uploadFile", FILE_TAG, "Uploads requests")
        .form(
            Shape.object(false)
                .required("file", Shape.bytes().describe("JSON Lines, one request in each"))
                .absentOr("purpose", Shape.oneOf(FileUpload.PURPOSES))
                .absentOr("visibility", Shape.oneOf(FileUpload.VISIBILITIES))
                .absentOr(
                    "expiry",
                    Shape.integer(1, FileUpload.EXPIRY_HOURS_MAX).describe("Hours of life")),
            Map.of("file", DocumentExamples.LINES, "purpose", FileEntry.PURPOSE))
        .answers("The file, checked and kept", DocumentExamples.FILE)
        .refuses("429", "TooManyRequests");
    OperationNotes.of(document, HttpMethod.GET, FILES, "listFiles", FILE_TAG, "Lists files")
        .query("page", PAGE, "From 0")
        .query("page_size", Shape.integer(1, FilesController.PAGE_SIZE_MAX), "100 unless given")
        .query("include_total", Shape.queryFlag(), "Whether the files are counted; true")
        .query("sample_type", some(FilesController.SAMPLE_TYPES.keySet()), "What is in them")
        .query("source", some(FilesController.SOURCES.keySet()), "Where they come from")
        .query("purpose", some(FilesController.PURPOSES.keySet()), "What they are for")
        .query(
            "mimetypes",
            Shape.list(Shape.plainText(), 0, QueryReader.VALUES_MAX),
            "Their types, as they were uploaded")
        .query("search", Shape.plainText(), "A part of their names")
        .answers("The newest first", DocumentExamples.FILES);
    OperationNotes.of(document, HttpMethod.GET, FILE, "retrieveFile", FILE_TAG, "Describes a file")
        .id()
        .answers("The file", DocumentExamples.FILE.replace("}", ", \"deleted\": false}"));
    OperationNotes.of(document, HttpMethod.DELETE, FILE, "deleteFile", FILE_TAG, "Deletes a file")
        .id()
        .answers("It is gone", DocumentExamples.DELETED_FILE);
    OperationNotes.of(
            document, HttpMethod.GET, FILE + "/content", "downloadFile", FILE_TAG, "Gives a file")
        .id()
        .answersBytes("The file's bytes");
    OperationNotes.of(
            document, HttpMethod.GET, FILE + "/url", "signFileUrl", FILE_TAG, "Makes a link")
        .id()
        .query("expiry", Shape.integer(1, FilesController.LINK_HOURS_MAX), "Hours; 24 unless given")
        .answers("A link that needs no key", DocumentExamples.URL);
  }

  private void jobs(OpenAPI document) {
    OperationNotes.of(
            document, HttpMethod.POST, JOBS, "createBatchJob", BATCH_TAG, "Starts a batch job")
        .json(
            BatchJobShape.of(strict, requestsMax),
            DocumentExamples.JOB_OF_REQUESTS,
            DocumentExamples.JOB_OF_A_FILE)
        .answers("The job, with all lines or none", DocumentExamples.JOB)
        .refuses("429", "TooManyRequests");
    OperationNotes.of(document, HttpMethod.GET, JOBS, "listBatchJobs", BATCH_TAG, "Lists jobs")
        .query("page", PAGE, "From 0")
        .query("page_size", Shape.integer(1, BatchJobsController.PAGE_SIZE_MAX), "100 unless given")
        .query("model", Shape.plainText(), "The job's own")
        .query("agent_id", Shape.plainText(), "No job is an agent's")
        .query("created_after", Shape.dateTime(), "With an offset, or in UTC")
        .query("created_by_me", Shape.queryFlag(), "Whether only those of this key are meant")
        .query(
            "status",
            some(Arrays.stream(JobStatus.values()).map(Enum::name).toList()),
            "As they are")
        .query("order_by", Shape.oneOf(List.of("created", "-created")), "-created unless given")
        .entries(
            "metadata",
            Shape.map(BatchJobReader.METADATA_MAX, "[A-Za-z]{1,32}", Shape.plainText()),
            "Entries of the jobs' metadata, each a parameter of its own name")
        .answers("A page of jobs", DocumentExamples.JOBS);
    OperationNotes.of(
            document, HttpMethod.GET, JOB, "retrieveBatchJob", BATCH_TAG, "Describes a job")
        .id()
        .query("inline", Shape.queryFlag(), "Whether the answers come along")
        .answers("The job as it is", DocumentExamples.JOB);
    OperationNotes.of(
            document, HttpMethod.DELETE, JOB, "deleteBatchJob", BATCH_TAG, "Deletes a job")
        .id()
        .answers("It is gone", DocumentExamples.DELETED_JOB);
    OperationNotes.of(
            document, HttpMethod.POST, JOB + "/cancel", "cancelBatchJob", BATCH_TAG, "Ends a job")
        .id()
        .answers("The job, which ends or has ended", DocumentExamples.JOB);
  }

  private static Shape some(Iterable<String> choices) {
    List<String> sorted = new ArrayList<>();
    choices.forEach(sorted::add);
    sorted.sort(null);
    return Shape.list(Shape.oneOf(sorted), 0, QueryReader.VALUES_MAX);
  }
}

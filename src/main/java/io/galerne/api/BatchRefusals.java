package io.galerne.api;

import io.galerne.batch.Creation;
import io.galerne.batch.LineProblem;
import io.galerne.files.FileRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** What refused files and jobs are called on the wire. */
final class BatchRefusals {
  private static final int RETRY_AFTER_SECONDS = 60;

  private BatchRefusals() {}

  /** For a file that does not exist and for one of somebody else alike. */
  static ApiException noFile(UUID id) {
    return new ApiException(
        HttpStatus.NOT_FOUND, new ErrorEnvelope("No file with id " + id, "not_found"));
  }

  static ApiException noJob(UUID id) {
    return new ApiException(
        HttpStatus.NOT_FOUND, new ErrorEnvelope("No batch job with id " + id, "not_found"));
  }

  static ApiException of(FileRefusedException.Reason reason) {
    return switch (reason) {
      case FileRefusedException.Reason.TooLarge(long bytesMax) -> fileTooLarge(bytesMax);
      case FileRefusedException.Reason.TenantFull(long bytesMax) ->
          new ApiException(
              HttpStatus.CONTENT_TOO_LARGE,
              new ErrorEnvelope(
                  "All files together would be larger than %d bytes: delete some first"
                      .formatted(bytesMax),
                  "storage_full",
                  "file",
                  null));
      case FileRefusedException.Reason.TooManyFiles(int filesMax) ->
          ApiException.tooManyRequests(
              new ErrorEnvelope(
                  "There are %d files already: delete some first".formatted(filesMax),
                  "rate_limited"),
              RETRY_AFTER_SECONDS);
    };
  }

  /** The rest of the body is not read: the connection can't be used again. */
  static ApiException fileTooLarge(long bytesMax) {
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.CONNECTION, "close");
    return new ApiException(
        HttpStatus.CONTENT_TOO_LARGE,
        new ErrorEnvelope(
            "The file is larger than " + bytesMax + " bytes", "request_too_large", "file", null),
        headers);
  }

  static ApiException of(Creation creation, boolean inline) {
    return switch (creation) {
      case Creation.Created _ -> throw new IllegalArgumentException("the job was created");
      case Creation.FileMissing(UUID file) ->
          ApiException.badRequest(
              new ErrorEnvelope(
                  "No file with id " + file, ErrorEnvelope.INVALID_REQUEST, "input_files", null));
      case Creation.NotRequests(UUID file) ->
          ApiException.badRequest(
              new ErrorEnvelope(
                  "File " + file + " does not hold requests",
                  ErrorEnvelope.INVALID_REQUEST,
                  "input_files",
                  null));
      case Creation.UnknownModel(String model) ->
          ApiException.badRequest(ErrorEnvelope.unknownModel(model));
      case Creation.ModelNotAllowed(String model) -> Refusals.modelNotAllowed(model);
      case Creation.EndpointNotAllowed(String endpoint) ->
          new ApiException(
              HttpStatus.FORBIDDEN,
              new ErrorEnvelope(
                  "This API key may not be used for " + endpoint,
                  "endpoint_not_allowed",
                  "endpoint",
                  null));
      case Creation.BadLines(List<LineProblem> problems) ->
          badLines(problems, inline ? "requests" : "input_files");
      case Creation.TooManyJobs(int jobsMax) ->
          ApiException.tooManyRequests(
              new ErrorEnvelope(
                  "%d of your batch jobs have not ended yet".formatted(jobsMax), "rate_limited"),
              RETRY_AFTER_SECONDS);
    };
  }

  /** Each problem under the number of its line. */
  static ApiException badLines(List<LineProblem> problems, String field) {
    FieldErrors errors = new FieldErrors();
    for (LineProblem problem : problems) {
      List<Object> loc = new ArrayList<>(List.of("body", field, problem.line()));
      if (!problem.field().isEmpty()) {
        loc.addAll(List.of(problem.field().split("\\.")));
      }
      errors.add(
          problem.type(), loc, "Line %d: %s".formatted(problem.line(), problem.message()), null);
    }
    try {
      errors.throwIfAny();
    } catch (ApiException e) {
      return e;
    }
    throw new IllegalArgumentException("nothing was wrong");
  }
}

package io.galerne.api;

/** What the document says of a request for a batch job. */
final class BatchJobShape {
  static final String NAME = "BatchJobRequest";

  private BatchJobShape() {}

  /**
   * @param requestsMax most requests that come along
   */
  static DocumentedBody of(boolean strict, int requestsMax) {
    Shape file = Shape.uuid();
    Shape line =
        Shape.object(strict)
            .optional("custom_id", Shape.plainText(1, BatchJobReader.CUSTOM_ID_MAX))
            .required("body", Shape.object(false).optional("model", Shape.text()));
    Shape nothing = Shape.list(Shape.anything(), 0, 0);
    Shape ofFiles =
        common(strict)
            .required("input_files", Shape.list(file, 1, BatchJobReader.FILES_MAX))
            .optional("requests", nothing);
    Shape ofRequests =
        common(strict)
            .required("requests", Shape.list(line, 1, requestsMax))
            .optional("input_files", Shape.list(Shape.anything(), 0, 0));
    return new DocumentedBody(NAME, Shape.anyOf(ofFiles, ofRequests).schema());
  }

  private static Shape common(boolean strict) {
    return Shape.object(strict)
        .required("endpoint", Shape.oneOf(BatchJobReader.ENDPOINTS))
        .optional("model", Shape.plainText().describe("For requests that name none"))
        .optional("agent_id", Shape.text().describe("Not served: 400"))
        .optional(
            "metadata",
            Shape.map(
                BatchJobReader.METADATA_MAX,
                "[^\\u0000]{1,%d}".formatted(BatchJobReader.METADATA_KEY_MAX),
                Shape.plainText(1, BatchJobReader.METADATA_VALUE_MAX)))
        .optional(
            "timeout_hours",
            Shape.integer(1, BatchJobReader.TIMEOUT_HOURS_MAX)
                .describe("After which what is not answered is given up; 24 unless given"));
  }
}

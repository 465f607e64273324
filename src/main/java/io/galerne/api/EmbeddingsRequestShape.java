package io.galerne.api;

/** What the document says of a request for embeddings. */
final class EmbeddingsRequestShape {
  static final String NAME = "EmbeddingRequest";

  private EmbeddingsRequestShape() {}

  static DocumentedBody of(boolean strict) {
    Shape request =
        Shape.object(strict)
            .required("model", Shape.text().describe("A name from /v1/models"))
            .required(
                "input",
                Shape.anyOf(
                    Shape.text(1), Shape.list(Shape.text(1), 1, EmbeddingsRequestReader.TEXTS_MAX)))
            .optional(
                "output_dimension",
                Shape.integer(1, Integer.MAX_VALUE).describe("Only the model's own is taken"))
            .optional("output_dtype", Shape.oneOf(EmbeddingsRequestReader.TYPES))
            .optional("encoding_format", Shape.oneOf(EmbeddingsRequestReader.FORMATS))
            .optional("metadata", Shape.map(RequestBounds.METADATA_ENTRIES_MAX));
    if (!strict) {
      request.optional(
          "dimensions",
          Shape.integer(1, Integer.MAX_VALUE).describe("OpenAI's name of output_dimension"));
    }
    return new DocumentedBody(NAME, request.schema());
  }
}

package io.galerne.api;

/** What the document says of a request to fill in between two texts. */
final class FimRequestShape {
  static final String NAME = "FIMCompletionRequest";

  private FimRequestShape() {}

  static DocumentedBody of(boolean strict) {
    Shape request =
        Shape.object(strict)
            .required("model", Shape.text().describe("A name from /v1/models"))
            .required("prompt", Shape.text().describe("What goes before"))
            .optional("suffix", Shape.text().describe("What comes after"))
            .optional("temperature", Shape.number(0, RequestBounds.TEMPERATURE_MAX))
            .optional("stream", Shape.flag())
            .optional("stop", ChatRequestShape.stop())
            .optional("metadata", Shape.map(RequestBounds.METADATA_ENTRIES_MAX));
    SamplingShape.addTo(request, strict);
    return new DocumentedBody(NAME, request.schema());
  }
}

package io.galerne.api;

import io.galerne.serving.EmbeddingOutcome;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.stream.IntStream;

/** The answer to a request for embeddings. */
record EmbeddingList(String id, String object, List<Entry> data, String model, Usage usage) {

  /**
   * One text's vector.
   *
   * @param embedding numbers, or text in Base64
   * @param index of the text in the request
   */
  record Entry(
      String object, @Schema(oneOf = {double[].class, String.class}) Object embedding, int index) {}

  static EmbeddingList of(
      EmbeddingsRequest request, EmbeddingOutcome.Embedded embedded, String requestId) {
    return new EmbeddingList(
        "embd-" + requestId,
        "list",
        IntStream.range(0, embedded.vectors().size())
            .mapToObj(i -> entry(request, embedded.vectors().get(i), i))
            .toList(),
        request.embedding().model(),
        Usage.ofPrompt(embedded.promptTokens()));
  }

  private static Entry entry(EmbeddingsRequest request, float[] vector, int index) {
    return new Entry(
        "embedding", EmbeddingNumbers.encode(vector, request.type(), request.base64()), index);
  }
}

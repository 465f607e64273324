package io.galerne.serving;

import java.util.List;
import java.util.Map;

/**
 * Texts that a client wants as vectors.
 *
 * @param texts at least one
 * @param dimensions lengths of vectors that were asked for, by the field that asks; may be empty
 */
public record EmbeddingRequest(String model, List<String> texts, Map<String, Long> dimensions) {
  public EmbeddingRequest {
    texts = List.copyOf(texts);
    dimensions = Map.copyOf(dimensions);
  }
}

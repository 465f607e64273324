package io.galerne.api;

import io.galerne.serving.EmbeddingRequest;

/** A request for embeddings whose fields have the right types and are within their bounds. */
record EmbeddingsRequest(EmbeddingRequest embedding, OutputType type, boolean base64) {

  /** How a vector's numbers are written; the names are those of the wire contract. */
  enum OutputType {
    FLOAT,
    INT8,
    UINT8,
    BINARY,
    UBINARY
  }
}

package io.galerne.catalog;

/** What a model name stands for. */
public sealed interface Resolution {
  record Found(ModelCard card) implements Resolution {}

  /** A model that turns texts into vectors. */
  record Embedding(EmbeddingCard card) implements Resolution {}

  record Unknown(String name) implements Resolution {}
}

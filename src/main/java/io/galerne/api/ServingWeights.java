package io.galerne.api;

import io.galerne.catalog.EmbeddingCard;
import io.galerne.catalog.ModelCard;

/**
 * What really answers under a model's name.
 *
 * @param id of the weights in the catalogue
 * @param sha256 of their file, lower-case hex
 */
record ServingWeights(
    String id,
    String name,
    String architecture,
    String quantization,
    long parameters,
    String sha256) {
  static ServingWeights of(ModelCard card) {
    return new ServingWeights(
        card.weightsId(),
        card.profile().name(),
        card.profile().architecture(),
        card.profile().quantization(),
        card.profile().parameters(),
        card.profile().digest());
  }

  static ServingWeights of(EmbeddingCard card) {
    return new ServingWeights(
        card.profile().id(),
        card.profile().name(),
        card.profile().architecture(),
        card.profile().quantization(),
        card.profile().parameters(),
        card.profile().digest());
  }
}

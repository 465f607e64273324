package io.galerne.catalog;

import io.galerne.embedding.EmbeddingProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Joins the names of embedding models to the model there is. */
final class EmbeddingCards {
  private EmbeddingCards() {}

  /**
   * @param taken names of other models
   */
  static List<EmbeddingCard> of(
      EmbeddingCatalogProperties properties, EmbeddingProfile profile, Set<String> taken) {
    List<EmbeddingCard> cards = new ArrayList<>();
    for (int i = 0; i < properties.models().size(); i++) {
      EmbeddingCatalogProperties.Model model = properties.models().get(i);
      String property = EmbeddingCatalogProperties.PREFIX + ".models[" + i + "].";
      if (!model.weights().equals(profile.id())) {
        throw new InvalidConfigurationPropertyValueException(
            property + "weights", model.weights(), "the embedding model is " + profile.id());
      }
      claim(taken, model.id(), property + "id");
      for (int j = 0; j < model.aliases().size(); j++) {
        claim(taken, model.aliases().get(j), property + "aliases[" + j + "]");
      }
      cards.add(EmbeddingCard.of(model, profile));
    }
    return List.copyOf(cards);
  }

  private static void claim(Set<String> taken, String name, String property) {
    if (!taken.add(name)) {
      throw new InvalidConfigurationPropertyValueException(
          property, name, "another model has this name");
    }
  }
}

package io.galerne.catalog;

import io.galerne.engine.ModelProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The models on offer, by id and by alias. */
public final class ModelCatalog {
  private final List<ModelCard> cards;
  private final Map<String, ModelCard> byName = new HashMap<>();

  /**
   * @param known the weights that the models use
   * @param loaded the weights that were loaded, by their id in the catalogue
   * @throws
   *     org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException
   *     if weights are missing or are not the file the catalogue means
   */
  public ModelCatalog(
      CatalogProperties properties, WeightsCatalog known, Map<String, ModelProfile> loaded) {
    Map<String, KnownWeights.Complete> weights = new HashMap<>();
    for (KnownWeights.Complete entry : known.entries()) {
      ModelProfile profile = loaded.get(entry.id());
      if (profile == null) {
        throw CatalogRules.refuse(entry.property() + ".id", entry.id(), "no engine serves it");
      }
      if (!profile.digest().equals(entry.sha256())) {
        throw CatalogRules.refuse(
            entry.property() + ".sha256",
            entry.sha256(),
            "the digest of " + profile.file() + " is " + profile.digest());
      }
      weights.put(entry.id(), entry);
    }
    List<ModelCard> cards = new ArrayList<>();
    for (CatalogProperties.Model model : properties.models()) {
      ModelCard card = card(model, weights, loaded);
      cards.add(card);
      byName.put(card.id(), card);
      card.aliases().forEach(alias -> byName.put(alias, card));
    }
    this.cards = List.copyOf(cards);
  }

  private static ModelCard card(
      CatalogProperties.Model model,
      Map<String, KnownWeights.Complete> weights,
      Map<String, ModelProfile> loaded) {
    KnownWeights.Complete entry = weights.get(model.weights());
    ModelProfile profile = loaded.get(model.weights());
    if (entry == null || profile == null) {
      throw new IllegalStateException("unchecked catalogue: " + model.weights());
    }
    return ModelCard.of(model, entry, profile);
  }

  /** All models, in the catalogue's order. */
  public List<ModelCard> cards() {
    return cards;
  }

  /** Looks a model up by its id or one of its aliases; case matters. */
  public Resolution resolve(String name) {
    ModelCard card = byName.get(name);
    return card == null ? new Resolution.Unknown(name) : new Resolution.Found(card);
  }
}

package io.galerne.catalog;

import io.galerne.embedding.BundledModel;
import io.galerne.embedding.EmbeddingProfile;
import io.galerne.engine.ModelProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The models on offer, by id and by alias. */
public final class ModelCatalog {
  private final List<ModelCard> cards;
  private final List<EmbeddingCard> embeddingCards;
  private final Map<String, Resolution> byName = new HashMap<>();
  private final OwnModels own;

  /** A catalogue without embedding models. */
  public ModelCatalog(
      CatalogProperties properties, WeightsCatalog known, Map<String, ModelProfile> loaded) {
    this(
        properties,
        known,
        loaded,
        new EmbeddingCatalogProperties(List.of()),
        BundledModel.PROFILE,
        OwnModels.NONE);
  }

  /**
   * @param known the weights that the models use
   * @param loaded the weights that were loaded, by their id in the catalogue
   * @param embedding the embedding model there is
   * @param own what goes before the catalogue for a tenant
   * @throws
   *     org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException
   *     if weights are missing or are not the file the catalogue means, or a name is taken
   */
  public ModelCatalog(
      CatalogProperties properties,
      WeightsCatalog known,
      Map<String, ModelProfile> loaded,
      EmbeddingCatalogProperties embeddings,
      EmbeddingProfile embedding,
      OwnModels own) {
    this.own = own;
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
      Resolution found = new Resolution.Found(card);
      byName.put(card.id(), found);
      card.aliases().forEach(alias -> byName.put(alias, found));
    }
    this.cards = List.copyOf(cards);
    embeddingCards = EmbeddingCards.of(embeddings, embedding, new HashSet<>(byName.keySet()));
    for (EmbeddingCard card : embeddingCards) {
      Resolution found = new Resolution.Embedding(card);
      byName.put(card.id(), found);
      card.aliases().forEach(alias -> byName.put(alias, found));
    }
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

  /** All models that generate text, in the catalogue's order. */
  public List<ModelCard> cards() {
    return cards;
  }

  /** All embedding models, in the catalogue's order. */
  public List<EmbeddingCard> embeddingCards() {
    return embeddingCards;
  }

  /** All models that generate text for a tenant; its own go before others of the same name. */
  public List<ModelCard> cards(UUID tenantId) {
    List<ModelCard> all = new ArrayList<>(own.cards(tenantId));
    for (ModelCard card : cards) {
      if (own.find(tenantId, card.id()).isEmpty()) {
        all.add(card);
      }
    }
    return all;
  }

  /** Looks a model up as a tenant sees it, by its id or one of its aliases. */
  public Resolution resolve(UUID tenantId, String name) {
    return own.find(tenantId, name)
        .<Resolution>map(Resolution.Found::new)
        .orElseGet(() -> resolve(name));
  }

  /** Looks a model up by its id or one of its aliases; case matters. */
  public Resolution resolve(String name) {
    Resolution found = byName.get(name);
    return found == null ? new Resolution.Unknown(name) : found;
  }
}

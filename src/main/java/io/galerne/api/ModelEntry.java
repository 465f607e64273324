package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.catalog.Capability;
import io.galerne.catalog.EmbeddingCard;
import io.galerne.catalog.ModelCard;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A model as clients see it. There is one for each name, and each lists the other names. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record ModelEntry(
    String id,
    String object,
    long created,
    @JsonProperty("owned_by") String ownedBy,
    Map<String, Boolean> capabilities,
    String name,
    String description,
    @JsonProperty("max_context_length") int maxContextLength,
    List<String> aliases,
    @Nullable OffsetDateTime deprecation,
    @JsonProperty("deprecation_replacement_model") @Nullable String replacement,
    @JsonProperty("default_model_temperature") @Nullable Double defaultTemperature,
    String type,
    ServingWeights weights) {

  /** All names of a model, its id first. */
  static Stream<ModelEntry> all(ModelCard card) {
    return names(card.id(), card.aliases()).map(name -> of(card, name));
  }

  /** All names of an embedding model, its id first. */
  static Stream<ModelEntry> all(EmbeddingCard card) {
    return names(card.id(), card.aliases()).map(name -> of(card, name));
  }

  static ModelEntry of(ModelCard card, String name) {
    return new ModelEntry(
        name,
        "model",
        card.created().getEpochSecond(),
        card.ownedBy(),
        capabilities(card.capabilities()),
        card.id(),
        card.description(),
        card.profile().contextTokens(),
        otherNames(card.id(), card.aliases(), name),
        card.deprecation(),
        card.replacement(),
        card.defaultTemperature(),
        "base",
        ServingWeights.of(card));
  }

  /** The contract has no capability of this name: none is claimed. */
  static ModelEntry of(EmbeddingCard card, String name) {
    return new ModelEntry(
        name,
        "model",
        card.created().getEpochSecond(),
        card.ownedBy(),
        capabilities(Set.of()),
        card.id(),
        card.description(),
        card.profile().tokensMax(),
        otherNames(card.id(), card.aliases(), name),
        card.deprecation(),
        card.replacement(),
        null,
        "base",
        ServingWeights.of(card));
  }

  private static Stream<String> names(String id, List<String> aliases) {
    return Stream.concat(Stream.of(id), aliases.stream());
  }

  private static List<String> otherNames(String id, List<String> aliases, String name) {
    return names(id, aliases).filter(other -> !other.equals(name)).toList();
  }

  private static Map<String, Boolean> capabilities(Set<Capability> present) {
    Map<String, Boolean> capabilities = new LinkedHashMap<>();
    for (Capability capability : Capability.values()) {
      capabilities.put(capability.name().toLowerCase(Locale.ROOT), present.contains(capability));
    }
    return capabilities;
  }
}

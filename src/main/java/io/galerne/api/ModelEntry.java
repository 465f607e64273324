package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.catalog.Capability;
import io.galerne.catalog.ModelCard;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    @JsonProperty("default_model_temperature") double defaultTemperature,
    String type) {

  /** All names of a model, its id first. */
  static Stream<ModelEntry> all(ModelCard card) {
    return names(card).map(name -> of(card, name));
  }

  static ModelEntry of(ModelCard card, String name) {
    return new ModelEntry(
        name,
        "model",
        card.created().getEpochSecond(),
        card.ownedBy(),
        capabilities(card),
        card.id(),
        card.description(),
        card.profile().contextTokens(),
        names(card).filter(other -> !other.equals(name)).toList(),
        card.deprecation(),
        card.replacement(),
        card.defaultTemperature(),
        "base");
  }

  private static Stream<String> names(ModelCard card) {
    return Stream.concat(Stream.of(card.id()), card.aliases().stream());
  }

  private static Map<String, Boolean> capabilities(ModelCard card) {
    Map<String, Boolean> capabilities = new LinkedHashMap<>();
    for (Capability capability : Capability.values()) {
      capabilities.put(
          capability.name().toLowerCase(Locale.ROOT), card.capabilities().contains(capability));
    }
    return capabilities;
  }
}

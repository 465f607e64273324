package io.galerne.catalog;

import io.galerne.embedding.EmbeddingProfile;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An embedding model on offer, together with what really answers under its name.
 *
 * @param description the operator's words, followed by what serves the model
 */
public record EmbeddingCard(
    String id,
    List<String> aliases,
    String description,
    String ownedBy,
    Instant created,
    @Nullable OffsetDateTime deprecation,
    @Nullable String replacement,
    EmbeddingProfile profile) {

  static EmbeddingCard of(EmbeddingCatalogProperties.Model model, EmbeddingProfile profile) {
    return new EmbeddingCard(
        model.id(),
        model.aliases(),
        model.description() + " " + servedBy(profile),
        model.ownedBy(),
        model.created().atStartOfDay(ZoneOffset.UTC).toInstant(),
        model.deprecation(),
        model.replacement(),
        profile);
  }

  private static String servedBy(EmbeddingProfile profile) {
    return ("Served by %s (%s, %s, %dM parameters, %s): %d dimensions, at most %d tokens a text;"
            + " weights %s, licence %s, source: %s, SHA-256 %s.")
        .formatted(
            profile.name(),
            profile.architecture(),
            profile.quantization(),
            Math.round(profile.parameters() / 1e6),
            profile.languages(),
            profile.dimensions(),
            profile.tokensMax(),
            profile.id(),
            profile.licence(),
            profile.source(),
            profile.digest());
  }
}

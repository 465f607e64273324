package io.galerne.catalog;

import io.galerne.engine.ModelProfile;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One model on offer, together with the weights that really answer under its name.
 *
 * @param description the operator's words, followed by what serves the model
 * @param weightsId the catalogue's id of the weights
 * @param profile the weights as loaded
 * @param pricedAs the model whose price is charged, mostly the model itself
 * @param spillsTo the model of the catalogue that takes what this one has no room for, or null
 * @param floor the operator's floor of moderation that holds for requests for it, or null
 */
public record ModelCard(
    String id,
    List<String> aliases,
    String description,
    Set<Capability> capabilities,
    String ownedBy,
    Instant created,
    @Nullable OffsetDateTime deprecation,
    @Nullable String replacement,
    double defaultTemperature,
    String weightsId,
    ModelProfile profile,
    String pricedAs,
    @Nullable String spillsTo,
    @Nullable String floor) {

  static ModelCard of(
      CatalogProperties.Model model, KnownWeights.Complete weights, ModelProfile profile) {
    return new ModelCard(
        model.id(),
        model.aliases(),
        model.description() + " " + servedBy(weights, profile),
        capabilities(model, profile),
        model.ownedBy(),
        model.created().atStartOfDay(ZoneOffset.UTC).toInstant(),
        model.deprecation(),
        model.replacement(),
        weights.defaultTemperature(),
        weights.id(),
        profile,
        model.id(),
        null,
        null);
  }

  /** Whether a model fills in between two texts is for its vocabulary to say. */
  private static Set<Capability> capabilities(CatalogProperties.Model model, ModelProfile profile) {
    Set<Capability> capabilities = EnumSet.copyOf(model.capabilities());
    if (profile.fillsInMiddle()) {
      capabilities.add(Capability.COMPLETION_FIM);
    } else {
      capabilities.remove(Capability.COMPLETION_FIM);
    }
    return Set.copyOf(capabilities);
  }

  private static String servedBy(KnownWeights.Complete weights, ModelProfile profile) {
    return "Served by %s (%s, %s, %s parameters%s); weights %s, licence %s, source: %s, SHA-256 %s."
        .formatted(
            profile.name(),
            profile.architecture(),
            profile.quantization(),
            rounded(profile.parameters()),
            active(profile),
            weights.id(),
            weights.licence(),
            weights.source(),
            profile.digest());
  }

  /** What a mixture of experts costs in speed, beside what it costs in memory. */
  private static String active(ModelProfile profile) {
    return profile.activeParameters() == profile.parameters()
        ? ""
        : ", " + rounded(profile.activeParameters()) + " of them active for each token";
  }

  private static String rounded(long parameters) {
    return parameters < 1_000_000_000
        ? Math.round(parameters / 1e6) + "M"
        : String.format(Locale.ROOT, "%.1fB", parameters / 1e9);
  }
}

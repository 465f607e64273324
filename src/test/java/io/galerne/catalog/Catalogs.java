package io.galerne.catalog;

import static io.galerne.catalog.Capability.COMPLETION_CHAT;
import static io.galerne.catalog.Capability.FUNCTION_CALLING;

import io.galerne.embedding.ScriptedEmbedding;
import io.galerne.engine.ModelProfile;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Small catalogues for tests. */
public final class Catalogs {
  /** It must exist, but nobody loads it. */
  private static final Path ANY_FILE = Path.of("pom.xml");

  private Catalogs() {}

  /**
   * One set of weights, {@code w}, behind {@code big} and {@code small}, alias {@code tiny}, of
   * which the latter calls tools, and the scripted embedding model behind {@code embed}, alias
   * {@code vectors}.
   */
  public static ModelCatalog of(ModelProfile profile) {
    CatalogProperties properties =
        catalog(
            List.of(weights("w", profile.digest())),
            List.of(
                model("small", Set.of(COMPLETION_CHAT, FUNCTION_CALLING), "w", "tiny"),
                deprecatedModel("big", "w")));
    return new ModelCatalog(
        properties,
        new WeightsCatalog(properties),
        Map.of("w", profile),
        new EmbeddingCatalogProperties(List.of(embeddingModel("embed", "e", "vectors"))),
        ScriptedEmbedding.PROFILE,
        OwnModels.NONE);
  }

  static ModelCatalog of(CatalogProperties properties, Map<String, ModelProfile> loaded) {
    return new ModelCatalog(properties, new WeightsCatalog(properties), loaded);
  }

  public static CatalogProperties catalog(
      List<CatalogProperties.Weights> weights, List<CatalogProperties.Model> models) {
    return new CatalogProperties(weights, models, Path.of("target", "no-store"));
  }

  static CatalogProperties.Weights weights(String id, String digest) {
    return new CatalogProperties.Weights(
        id, ANY_FILE, digest, "Apache-2.0", "a test", 0.3, null, null, null, null, null, null);
  }

  public static CatalogProperties.Model model(String id, String weights, String... aliases) {
    return model(id, Set.of(COMPLETION_CHAT), weights, aliases);
  }

  private static CatalogProperties.Model model(
      String id, Set<Capability> capabilities, String weights, String... aliases) {
    return new CatalogProperties.Model(
        id,
        List.of(aliases),
        "The " + id + " one.",
        weights,
        capabilities,
        "galerne",
        LocalDate.of(2023, 12, 11),
        null,
        null);
  }

  static EmbeddingCatalogProperties.Model embeddingModel(
      String id, String weights, String... aliases) {
    return new EmbeddingCatalogProperties.Model(
        id,
        List.of(aliases),
        "Vectors.",
        weights,
        "galerne",
        LocalDate.of(2023, 12, 11),
        OffsetDateTime.parse("2027-01-01T00:00:00Z"),
        null);
  }

  private static CatalogProperties.Model deprecatedModel(String id, String weights) {
    return new CatalogProperties.Model(
        id,
        List.of(),
        "Going away.",
        weights,
        Set.of(COMPLETION_CHAT),
        "galerne",
        LocalDate.of(2023, 12, 11),
        OffsetDateTime.parse("2027-01-01T00:00:00Z"),
        "small");
  }
}

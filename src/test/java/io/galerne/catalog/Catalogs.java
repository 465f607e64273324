package io.galerne.catalog;

import io.galerne.engine.ModelProfile;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Small catalogues for tests. */
public final class Catalogs {
  private Catalogs() {}

  /** One set of weights, {@code w}, behind {@code big} and {@code small}, alias {@code tiny}. */
  public static ModelCatalog of(ModelProfile profile) {
    return new ModelCatalog(
        new CatalogProperties(
            List.of(weights("w", profile.digest())),
            List.of(model("small", "w", "tiny"), deprecatedModel("big", "w"))),
        Map.of("w", profile));
  }

  static CatalogProperties.Weights weights(String id, String digest) {
    return new CatalogProperties.Weights(
        id, Path.of("scripted.gguf"), digest, "Apache-2.0", "a test", 0.3, null);
  }

  static CatalogProperties.Model model(String id, String weights, String... aliases) {
    return new CatalogProperties.Model(
        id,
        List.of(aliases),
        "The " + id + " one.",
        weights,
        Set.of(Capability.COMPLETION_CHAT),
        "galerne",
        LocalDate.of(2023, 12, 11),
        null,
        null);
  }

  private static CatalogProperties.Model deprecatedModel(String id, String weights) {
    return new CatalogProperties.Model(
        id,
        List.of(),
        "Going away.",
        weights,
        Set.of(Capability.COMPLETION_CHAT),
        "galerne",
        LocalDate.of(2023, 12, 11),
        OffsetDateTime.parse("2027-01-01T00:00:00Z"),
        "small");
  }
}

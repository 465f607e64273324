package io.galerne.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.engine.ModelProfile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

class ModelCatalogTests {
  private static final String DIGEST = "cd".repeat(32);
  private static final ModelProfile PROFILE =
      new ModelProfile(
          "True Name",
          "llama",
          "Q8_0",
          46_702_792_704L,
          12_879_925_248L,
          DIGEST,
          Path.of("w.gguf"),
          4096,
          32000);

  @Test
  void findsAModelByItsIdAndByItsAliases() {
    ModelCatalog catalog = Catalogs.of(PROFILE);

    assertThat(catalog.resolve("tiny")).isEqualTo(catalog.resolve("small"));
    assertThat(catalog.resolve("tiny"))
        .isInstanceOfSatisfying(
            Resolution.Found.class, found -> assertThat(found.card().id()).isEqualTo("small"));
    assertThat(catalog.resolve("Tiny")).isEqualTo(new Resolution.Unknown("Tiny"));
  }

  @Test
  void everyCardSaysWhichWeightsReallyServeIt() {
    for (ModelCard card : Catalogs.of(PROFILE).cards()) {
      assertThat(card.description())
          .contains(
              "True Name",
              "llama",
              "Q8_0",
              "46.7B parameters, 12.9B of them active",
              "Apache-2.0",
              DIGEST);
      assertThat(card.profile().contextTokens()).isEqualTo(4096);
      assertThat(card.defaultTemperature()).isEqualTo(0.3);
    }
  }

  @Test
  void refusesWeightsThatAreNotTheOnesMeant() {
    CatalogProperties properties =
        Catalogs.catalog(
            List.of(Catalogs.weights("w", "00".repeat(32))), List.of(Catalogs.model("m", "w")));

    assertRefused(properties, Map.of("w", PROFILE), "galerne.catalog.weights[0].sha256", DIGEST);
  }

  @Test
  void refusesWeightsThatNoEngineServes() {
    CatalogProperties properties =
        Catalogs.catalog(List.of(Catalogs.weights("w", DIGEST)), List.of(Catalogs.model("m", "w")));

    assertRefused(properties, Map.of(), "galerne.catalog.weights[0].id", "no engine");
  }

  private static void assertRefused(
      CatalogProperties properties,
      Map<String, ModelProfile> loaded,
      String property,
      String reason) {
    assertThatThrownBy(() -> Catalogs.of(properties, loaded))
        .isInstanceOfSatisfying(
            InvalidConfigurationPropertyValueException.class,
            e -> {
              assertThat(e.getName()).isEqualTo(property);
              assertThat(e.getReason()).contains(reason);
            });
  }
}

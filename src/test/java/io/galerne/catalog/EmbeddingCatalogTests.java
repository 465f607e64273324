package io.galerne.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.embedding.BundledModel;
import io.galerne.embedding.ScriptedEmbedding;
import io.galerne.serving.ScriptedEngine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

class EmbeddingCatalogTests {
  private static ModelCatalog catalog(EmbeddingCatalogProperties.Model... models) {
    CatalogProperties properties =
        Catalogs.catalog(
            List.of(Catalogs.weights("w", ScriptedEngine.DIGEST)),
            List.of(Catalogs.model("small", "w", "tiny")));
    return new ModelCatalog(
        properties,
        new WeightsCatalog(properties),
        Map.of("w", new ScriptedEngine().profile()),
        new EmbeddingCatalogProperties(List.of(models)),
        ScriptedEmbedding.PROFILE,
        OwnModels.NONE);
  }

  @Test
  void resolvesIdsAndAliases() {
    ModelCatalog catalog = catalog(Catalogs.embeddingModel("embed", "e", "vectors"));
    EmbeddingCard card = catalog.embeddingCards().getFirst();

    assertThat(catalog.resolve("embed")).isEqualTo(new Resolution.Embedding(card));
    assertThat(catalog.resolve("vectors")).isEqualTo(new Resolution.Embedding(card));
    assertThat(catalog.resolve("tiny")).isInstanceOf(Resolution.Found.class);
    assertThat(catalog.cards()).hasSize(1);
  }

  @Test
  void theCardSaysWhatServesIt() {
    assertThat(
            catalog(Catalogs.embeddingModel("embed", "e"))
                .embeddingCards()
                .getFirst()
                .description())
        .isEqualTo(
            "Vectors. Served by Scripted Embedding (BERT, INT8, 33M parameters, English): 16"
                + " dimensions, at most 64 tokens a text; weights e, licence MIT, source: a test,"
                + " SHA-256 "
                + ScriptedEmbedding.PROFILE.digest()
                + ".");
  }

  @Test
  void anInstallationMayOfferNone() {
    assertThat(catalog().embeddingCards()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "small, e, x, galerne.catalog.embedding.models[1].id",
    "embed, e, x, galerne.catalog.embedding.models[1].id",
    "other, e, tiny, galerne.catalog.embedding.models[1].aliases[0]",
    "other, e, other, galerne.catalog.embedding.models[1].aliases[0]",
    "other, w, x, galerne.catalog.embedding.models[1].weights"
  })
  void refusesTakenNamesAndOtherWeights(String id, String weights, String alias, String property) {
    EmbeddingCatalogProperties.Model first = Catalogs.embeddingModel("embed", "e");
    EmbeddingCatalogProperties.Model second = Catalogs.embeddingModel(id, weights, alias);

    assertThatThrownBy(() -> catalog(first, second))
        .isInstanceOfSatisfying(
            InvalidConfigurationPropertyValueException.class,
            e -> assertThat(e.getName()).isEqualTo(property));
    assertThat(catalog(first, Catalogs.embeddingModel("other", "e", "x")).embeddingCards())
        .hasSize(2);
  }

  @Test
  void theBundledModelIsNamedAsTheCatalogueNamesIt() {
    assertThat(BundledModel.PROFILE.id()).matches(CatalogProperties.ID);
  }
}

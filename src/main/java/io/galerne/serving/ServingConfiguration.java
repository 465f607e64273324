package io.galerne.serving;

import io.galerne.catalog.CatalogProperties;
import io.galerne.catalog.EmbeddingCatalogProperties;
import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.OwnModels;
import io.galerne.catalog.WeightsCatalog;
import io.galerne.embedding.BundledModel;
import io.galerne.embedding.EmbeddingPool;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Joins the catalogue to what was loaded for it. */
@Configuration(proxyBeanMethods = false)
class ServingConfiguration {
  @Bean
  ModelCatalog modelCatalog(
      CatalogProperties properties,
      WeightsCatalog weights,
      EngineRegistry engines,
      EmbeddingCatalogProperties embeddings,
      ObjectProvider<OwnModels> own) {
    return new ModelCatalog(
        properties,
        weights,
        engines.profiles(),
        embeddings,
        BundledModel.PROFILE,
        own.getIfAvailable(() -> OwnModels.NONE));
  }

  @Bean
  EmbeddingPool embeddingPool(EmbeddingProperties properties) {
    return new EmbeddingPool(BundledModel::load, properties.threads(), properties.requestsMax());
  }
}

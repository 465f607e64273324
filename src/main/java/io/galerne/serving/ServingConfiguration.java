package io.galerne.serving;

import io.galerne.catalog.CatalogProperties;
import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.WeightsCatalog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Joins the catalogue to the engines that were loaded for it. */
@Configuration(proxyBeanMethods = false)
class ServingConfiguration {
  @Bean
  ModelCatalog modelCatalog(
      CatalogProperties properties, WeightsCatalog weights, EngineRegistry engines) {
    return new ModelCatalog(properties, weights, engines.profiles());
  }
}

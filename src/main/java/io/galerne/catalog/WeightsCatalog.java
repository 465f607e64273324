package io.galerne.catalog;

import io.galerne.catalog.CatalogProperties.Weights;
import java.nio.file.Files;
import java.util.List;
import org.springframework.stereotype.Component;

/** The weights to load, in the catalogue's order. Their files exist and can be read. */
@Component
public class WeightsCatalog {
  private final List<Weights> entries;

  WeightsCatalog(CatalogProperties properties) {
    entries = properties.weights();
    for (int i = 0; i < entries.size(); i++) {
      Weights weights = entries.get(i);
      if (!Files.isRegularFile(weights.file()) || !Files.isReadable(weights.file())) {
        throw CatalogRules.refuse(
            "weights[" + i + "].file",
            weights.file(),
            "no readable file at " + weights.file().toAbsolutePath());
      }
    }
  }

  public List<Weights> entries() {
    return entries;
  }
}

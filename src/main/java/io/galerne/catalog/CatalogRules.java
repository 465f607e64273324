package io.galerne.catalog;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/** What must hold across the entries of a catalogue; a breach names the property at fault. */
final class CatalogRules {
  private CatalogRules() {}

  static void check(List<CatalogProperties.Weights> weights, List<CatalogProperties.Model> models) {
    Set<String> weightIds = new HashSet<>();
    for (int i = 0; i < weights.size(); i++) {
      String id = weights.get(i).id();
      if (!weightIds.add(id)) {
        throw refuse("weights[" + i + "].id", id, "another entry has this id");
      }
      DataSize kvMemory = weights.get(i).kvMemory();
      if (kvMemory != null && kvMemory.toBytes() <= 0) {
        throw refuse("weights[" + i + "].kv-memory", kvMemory, "must be positive");
      }
    }
    Map<String, String> owners = new HashMap<>();
    for (int i = 0; i < models.size(); i++) {
      CatalogProperties.Model model = models.get(i);
      claim(owners, model.id(), "models[" + i + "].id");
      for (int j = 0; j < model.aliases().size(); j++) {
        claim(owners, model.aliases().get(j), "models[" + i + "].aliases[" + j + "]");
      }
    }
  }

  private static void claim(Map<String, String> owners, String name, String property) {
    String owner = owners.putIfAbsent(name, property);
    if (owner != null) {
      throw refuse(property, name, CatalogProperties.PREFIX + "." + owner + " has this name");
    }
  }

  static InvalidConfigurationPropertyValueException refuse(
      String property, @Nullable Object value, String reason) {
    return new InvalidConfigurationPropertyValueException(
        CatalogProperties.PREFIX + "." + property, value, reason);
  }
}

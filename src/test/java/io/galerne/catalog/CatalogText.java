package io.galerne.catalog;

import java.util.ArrayList;
import java.util.List;

/** A catalogue as the properties it could have been bound from. */
final class CatalogText {
  private CatalogText() {}

  static String[] of(CatalogProperties catalog) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < catalog.weights().size(); i++) {
      CatalogProperties.Weights weights = catalog.weights().get(i);
      String prefix = "galerne.catalog.weights[" + i + "].";
      lines.add(prefix + "id=" + weights.id());
      lines.add(prefix + "file=" + weights.file());
      lines.add(prefix + "sha256=" + weights.sha256());
      lines.add(prefix + "licence=" + weights.licence());
      lines.add(prefix + "source=" + weights.source());
    }
    for (int i = 0; i < catalog.models().size(); i++) {
      CatalogProperties.Model model = catalog.models().get(i);
      String prefix = "galerne.catalog.models[" + i + "].";
      lines.add(prefix + "id=" + model.id());
      for (int j = 0; j < model.aliases().size(); j++) {
        lines.add(prefix + "aliases[" + j + "]=" + model.aliases().get(j));
      }
      lines.add(prefix + "description=" + model.description());
      lines.add(prefix + "weights=" + model.weights());
      lines.add(prefix + "capabilities=completion-chat");
      lines.add(prefix + "owned-by=" + model.ownedBy());
      lines.add(prefix + "created=" + model.created());
    }
    return lines.toArray(String[]::new);
  }
}

package io.galerne.catalog;

import io.galerne.catalog.KnownWeights.Complete;
import io.galerne.catalog.KnownWeights.Incomplete;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * The weights to load: those that a model uses, in the catalogue's order. Their files exist and can
 * be read.
 */
@Component
public class WeightsCatalog {
  private final List<Complete> entries;
  private final List<String> unused;

  /**
   * @throws
   *     org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException
   *     if a model names weights that are not known, not complete or not there
   */
  public WeightsCatalog(CatalogProperties properties) {
    Map<String, KnownWeights> known = new LinkedHashMap<>();
    KnownWeights.all(properties).forEach(weights -> known.put(weights.id(), weights));
    List<String> used = properties.models().stream().map(CatalogProperties.Model::weights).toList();
    for (int i = 0; i < used.size(); i++) {
      if (!known.containsKey(used.get(i))) {
        throw CatalogRules.refuse(
            "models[" + i + "].weights",
            used.get(i),
            "no such weights are listed, and the model store "
                + properties.store()
                + " has none of this id");
      }
    }
    List<Complete> entries = new ArrayList<>();
    List<String> unused = new ArrayList<>();
    for (KnownWeights weights : known.values()) {
      if (used.contains(weights.id())) {
        entries.add(usable(weights));
      } else if (isListed(weights)) {
        unused.add(weights.id());
      }
    }
    this.entries = List.copyOf(entries);
    this.unused = List.copyOf(unused);
  }

  private static Complete usable(KnownWeights weights) {
    return switch (weights) {
      case Incomplete(String id, String property, String reason) ->
          throw CatalogRules.refuse(property, id, reason);
      case Complete complete -> {
        if (!Files.isRegularFile(complete.file()) || !Files.isReadable(complete.file())) {
          throw CatalogRules.refuse(
              complete.listed() ? complete.property() + ".file" : complete.property(),
              complete.file(),
              "no readable file at " + complete.file().toAbsolutePath());
        }
        yield complete;
      }
    };
  }

  private static boolean isListed(KnownWeights weights) {
    return switch (weights) {
      case Incomplete incomplete -> !incomplete.property().equals("store");
      case Complete complete -> complete.listed();
    };
  }

  public List<Complete> entries() {
    return entries;
  }

  /** Ids that the catalogue lists though no model uses them; they are not loaded. */
  public List<String> unused() {
    return unused;
  }
}

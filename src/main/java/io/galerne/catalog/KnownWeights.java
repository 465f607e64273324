package io.galerne.catalog;

import io.galerne.catalog.CatalogProperties.Weights;
import io.galerne.store.Manifest;
import io.galerne.store.ModelStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Weights that the catalogue or the model store has, by what is known of them. */
public sealed interface KnownWeights {
  String id();

  /**
   * All that it takes to load them. What the catalogue says goes before what the store says.
   *
   * @param property the configuration property to name when something is wrong with them
   * @param listed whether the catalogue has an entry for them
   */
  record Complete(
      String id,
      Path file,
      String sha256,
      String licence,
      String source,
      double defaultTemperature,
      Tuning tuning,
      String property,
      boolean listed)
      implements KnownWeights {
    /** The same weights with other wishes; what they leave open stays. */
    public Complete with(Tuning wishes) {
      return new Complete(
          id,
          file,
          sha256,
          licence,
          source,
          defaultTemperature,
          wishes.over(tuning),
          property,
          listed);
    }
  }

  /**
   * Something is missing.
   *
   * @param property the configuration property at fault
   */
  record Incomplete(String id, String property, String reason) implements KnownWeights {}

  /** The catalogue's entries in their order, then what only the store has. */
  static List<KnownWeights> all(CatalogProperties catalog) {
    ModelStore store = new ModelStore(catalog.store());
    Map<String, KnownWeights> known = new LinkedHashMap<>();
    for (int i = 0; i < catalog.weights().size(); i++) {
      Weights entry = catalog.weights().get(i);
      known.put(entry.id(), listed(entry, "weights[" + i + "]", store));
    }
    for (ModelStore.Entry stored : store.entries()) {
      known.computeIfAbsent(stored.id(), id -> storedOnly(stored));
    }
    return List.copyOf(known.values());
  }

  private static KnownWeights storedOnly(ModelStore.Entry stored) {
    return switch (stored) {
      case ModelStore.Entry.Registered(Manifest manifest, Path file) ->
          new Complete(
              manifest.id(),
              file,
              manifest.sha256(),
              manifest.licence(),
              manifest.source(),
              Double.parseDouble(CatalogProperties.TEMPERATURE),
              Tuning.NONE,
              "store",
              false);
      case ModelStore.Entry.Broken(String id, Path manifest, String reason) ->
          new Incomplete(id, "store", manifest + ": " + reason);
    };
  }

  private static KnownWeights listed(Weights entry, String property, ModelStore store) {
    if (entry.file() != null) {
      return complete(entry, property, entry.file(), null);
    }
    Optional<ModelStore.Entry> stored =
        Manifest.isId(entry.id()) ? store.find(entry.id()) : Optional.empty();
    if (stored.isEmpty()) {
      return new Incomplete(
          entry.id(),
          property + ".file",
          "no file is named, and the model store " + store.folder() + " has no such id");
    }
    return switch (stored.orElseThrow()) {
      case ModelStore.Entry.Registered(Manifest manifest, Path file) ->
          complete(entry, property, file, manifest);
      case ModelStore.Entry.Broken(String id, Path manifest, String reason) ->
          new Incomplete(id, property, manifest + ": " + reason);
    };
  }

  private static KnownWeights complete(
      Weights entry, String property, Path file, @Nullable Manifest manifest) {
    String sha256 = either(entry.sha256(), manifest == null ? null : manifest.sha256());
    String licence = either(entry.licence(), manifest == null ? null : manifest.licence());
    String source = either(entry.source(), manifest == null ? null : manifest.source());
    if (sha256 == null) {
      return new Incomplete(entry.id(), property + ".sha256", "a file needs its digest");
    }
    if (licence == null) {
      return new Incomplete(entry.id(), property + ".licence", "a file needs its licence");
    }
    if (source == null) {
      return new Incomplete(entry.id(), property + ".source", "a file needs its source");
    }
    return new Complete(
        entry.id(),
        file,
        sha256,
        licence,
        source,
        entry.defaultTemperature(),
        entry.tuning(),
        property,
        true);
  }

  private static @Nullable String either(@Nullable String first, @Nullable String second) {
    return first != null ? first : second;
  }
}

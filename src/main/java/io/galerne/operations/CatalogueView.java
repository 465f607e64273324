package io.galerne.operations;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.galerne.catalog.CatalogProperties;
import io.galerne.catalog.EmbeddingCard;
import io.galerne.catalog.KnownWeights;
import io.galerne.catalog.ModelCatalog;
import io.galerne.engine.MemoryEstimate;
import io.galerne.engine.ModelProfile;
import io.galerne.engine.WeightsException;
import io.galerne.engine.WeightsInspection;
import io.galerne.serving.EngineProperties;
import io.galerne.serving.EngineRegistry;
import io.galerne.store.DigestRecords;
import io.galerne.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/** The weights that there are, what is known of their files, and the names that they answer to. */
@Component
class CatalogueView {
  private static final int INSPECTIONS_MAX = 200;

  private final CatalogProperties properties;
  private final ModelCatalog models;
  private final EngineRegistry engines;
  private final EngineProperties settings;
  private final DigestRecords digests;
  private final Cache<Stamp, Inspected> inspections =
      Caffeine.newBuilder().maximumSize(INSPECTIONS_MAX).build();

  CatalogueView(
      CatalogProperties properties,
      ModelCatalog models,
      EngineRegistry engines,
      EngineProperties settings) {
    this.properties = properties;
    this.models = models;
    this.engines = engines;
    this.settings = settings;
    this.digests = new DigestRecords(new ModelStore(properties.store()));
  }

  private record Stamp(Path file, long bytes, long modified) {}

  private record Inspected(@Nullable WeightsInspection found, @Nullable String problem) {}

  /** A name on offer; the retirement is null for none. */
  record Name(
      String id,
      List<String> aliases,
      @Nullable OffsetDateTime retires,
      @Nullable String replacement) {}

  /**
   * One set of weights.
   *
   * @param digestState of {@link DigestRecords.State}, as far as it is known without reading
   * @param weightsBytes memory that they take when loaded; null where the file can't be read so far
   * @param kvBytesPerToken memory of one token's keys and values
   * @param kvBytes the most that all of them may take
   * @param loaded whether an engine of this instance serves them
   */
  record Row(
      String id,
      @Nullable String problem,
      @Nullable String architecture,
      @Nullable Long parameters,
      @Nullable String quantization,
      @Nullable Long fileBytes,
      @Nullable String licence,
      @Nullable String source,
      @Nullable String sha256,
      @Nullable String digestState,
      @Nullable Long weightsBytes,
      @Nullable Long kvBytesPerToken,
      @Nullable Long kvBytes,
      @Nullable Integer contextTokens,
      boolean loaded,
      List<Name> names) {}

  /** An engine that the catalogue does not name: a deployment's. */
  record Deployed(String id, String name, String quantization, String digest) {}

  List<Row> rows() {
    Map<String, ModelProfile> loaded = engines.profiles();
    List<Row> rows = new ArrayList<>();
    for (KnownWeights weights : KnownWeights.all(properties)) {
      rows.add(
          switch (weights) {
            case KnownWeights.Incomplete(String id, String property, String reason) ->
                broken(id, "galerne.catalog." + property + ": " + reason);
            case KnownWeights.Complete complete -> row(complete, loaded.get(complete.id()));
          });
    }
    return rows;
  }

  List<Deployed> deployed() {
    List<String> known = KnownWeights.all(properties).stream().map(KnownWeights::id).toList();
    return engines.profiles().entrySet().stream()
        .filter(engine -> !known.contains(engine.getKey()))
        .map(
            engine ->
                new Deployed(
                    engine.getKey(),
                    engine.getValue().name(),
                    engine.getValue().quantization(),
                    engine.getValue().digest()))
        .toList();
  }

  List<EmbeddingCard> embeddings() {
    return models.embeddingCards();
  }

  private Row broken(String id, String problem) {
    return new Row(
        id, problem, null, null, null, null, null, null, null, null, null, null, null, null, false,
        names(id));
  }

  private Row row(KnownWeights.Complete weights, @Nullable ModelProfile loaded) {
    Inspected inspected = inspect(weights.file());
    WeightsInspection found = inspected.found();
    var memory = found == null ? null : found.memory();
    var shape = found == null ? null : found.shape();
    DataSize kv =
        weights.tuning().kvMemory() == null ? settings.kvMemory() : weights.tuning().kvMemory();
    return new Row(
        weights.id(),
        inspected.problem(),
        found == null ? null : found.architecture(),
        found == null ? null : Long.valueOf(found.parameters()),
        found == null ? null : found.quantization(),
        found == null ? null : Long.valueOf(found.sizeBytes()),
        weights.licence(),
        weights.source(),
        weights.sha256(),
        digestState(weights, loaded),
        memory == null ? null : Long.valueOf(memory.weightsBytes()),
        memory == null ? null : Long.valueOf(memory.kvBytesPerToken()),
        kv != null
            ? Long.valueOf(kv.toBytes())
            : memory == null ? null : kvInUse(weights.id(), memory),
        loaded != null
            ? Integer.valueOf(loaded.contextTokens())
            : shape == null ? null : Integer.valueOf(shape.contextTokens()),
        loaded != null,
        names(weights.id()));
  }

  /** What the engine made of the default; nothing where it is not loaded. */
  private @Nullable Long kvInUse(String id, MemoryEstimate memory) {
    var statistics = engines.statisticsByWeights().get(id);
    return statistics == null || statistics.kvBlocks() == 0
        ? null
        : Long.valueOf(memory.kvBytesOf(statistics.kvBlocks()));
  }

  /** The engine has read the whole file, so what it found goes before what was noted. */
  private String digestState(KnownWeights.Complete weights, @Nullable ModelProfile loaded) {
    DigestRecords.State state =
        loaded != null && loaded.digest().equals(weights.sha256())
            ? DigestRecords.State.VERIFIED
            : digests.state(weights.file(), weights.sha256());
    return state.name().toLowerCase(Locale.ROOT);
  }

  private List<Name> names(String weights) {
    return properties.models().stream()
        .filter(model -> model.weights().equals(weights))
        .map(
            model ->
                new Name(model.id(), model.aliases(), model.deprecation(), model.replacement()))
        .toList();
  }

  private Inspected inspect(Path file) {
    Stamp stamp;
    try {
      stamp = new Stamp(file, Files.size(file), Files.getLastModifiedTime(file).toMillis());
    } catch (IOException e) {
      return new Inspected(null, "there is no readable file " + file);
    }
    Inspected known = inspections.getIfPresent(stamp);
    if (known == null) {
      known = read(file);
      inspections.put(stamp, known);
    }
    return known;
  }

  private static Inspected read(Path file) {
    try {
      WeightsInspection found = WeightsInspection.of(file);
      return new Inspected(found, found.problem());
    } catch (WeightsException e) {
      return new Inspected(null, e.reason());
    }
  }
}

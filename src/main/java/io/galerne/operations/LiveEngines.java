package io.galerne.operations;

import io.galerne.catalog.KnownWeights;
import io.galerne.catalog.ModelCard;
import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.WeightsCatalog;
import io.galerne.engine.EngineStatistics;
import io.galerne.engine.ModelProfile;
import io.galerne.engine.scheduler.KeyStatistics;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.journal.Replica;
import io.galerne.serving.EngineProperties;
import io.galerne.serving.EngineRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The engines' counters and states with the names of whom they serve. */
@Component
class LiveEngines {
  private static final int TENANTS_MAX = 50;

  private final EngineRegistry engines;
  private final EngineProperties properties;
  private final WeightsCatalog weights;
  private final ModelCatalog catalog;
  private final TenantNames names;
  private final MeterRegistry meters;
  private final Replica replica;

  LiveEngines(
      EngineRegistry engines,
      EngineProperties properties,
      WeightsCatalog weights,
      ModelCatalog catalog,
      TenantNames names,
      MeterRegistry meters,
      Replica replica) {
    this.engines = engines;
    this.properties = properties;
    this.weights = weights;
    this.catalog = catalog;
    this.names = names;
    this.meters = meters;
    this.replica = replica;
  }

  /**
   * All engines at one moment.
   *
   * @param atMillis the clock that the differences of counters are divided by
   */
  record Figures(double atMillis, List<Engine> engines) {}

  /**
   * One engine.
   *
   * @param models that it answers for, as far as the catalogue knows
   * @param remote whether other machines compute; then it has no batch and no cache here
   * @param sequencesMax most answers in progress together; null where it isn't known
   * @param tenants those with the most in it first; at most 50
   */
  record Engine(
      String id,
      String name,
      List<String> models,
      boolean remote,
      String kernels,
      int threads,
      int running,
      @Nullable Integer sequencesMax,
      int waiting,
      int waitingMax,
      long promptTokens,
      long generatedTokens,
      long cachedTokens,
      long preemptions,
      int blocksUsed,
      int blocksCached,
      int blocks,
      FirstTokens firstTokens,
      List<Part> tenants) {}

  /** Times to the first text of answers since the start. */
  record FirstTokens(long count, double totalMillis, double maxMillis) {}

  /**
   * One tenant's part of an engine.
   *
   * @param service its virtual counter
   */
  record Part(
      String id,
      String name,
      int running,
      int waiting,
      long servedTokens,
      double service,
      double weight) {}

  String replica() {
    return replica.id().toString();
  }

  Figures now(PlatformOperator operator) {
    Map<String, EngineStatistics> all = engines.statisticsByWeights();
    Map<String, ModelProfile> profiles = engines.profiles();
    Map<String, String> called =
        names.of(
            operator,
            all.values().stream().flatMap(one -> one.keys().stream()).map(KeyStatistics::key));
    List<Engine> live = new ArrayList<>();
    all.forEach(
        (id, statistics) -> {
          ModelProfile profile = profiles.get(id);
          live.add(engine(id, profile == null ? id : profile.name(), statistics, called));
        });
    return new Figures(System.nanoTime() / 1e6, live);
  }

  private Engine engine(String id, String name, EngineStatistics now, Map<String, String> called) {
    boolean remote = now.threads() == 0;
    return new Engine(
        id,
        name,
        catalog.cards().stream()
            .filter(card -> card.weightsId().equals(id))
            .map(ModelCard::id)
            .toList(),
        remote,
        now.kernels(),
        now.threads(),
        now.running(),
        remote ? null : sequencesMax().get(id),
        now.waiting(),
        properties.waitingMax(),
        now.promptTokens(),
        now.generatedTokens(),
        now.cachedTokens(),
        now.preemptions(),
        now.kvBlocksUsed(),
        now.kvBlocksCached(),
        now.kvBlocks(),
        firstTokens(id),
        now.keys().stream()
            .sorted(
                Comparator.comparingInt((KeyStatistics key) -> key.running() + key.waiting())
                    .thenComparingLong(KeyStatistics::servedTokens)
                    .reversed())
            .limit(TENANTS_MAX)
            .map(key -> part(key, called))
            .toList());
  }

  private static Part part(KeyStatistics key, Map<String, String> called) {
    return new Part(
        key.key(),
        called.getOrDefault(key.key(), key.key()),
        key.running(),
        key.waiting(),
        key.servedTokens(),
        key.service(),
        key.weight());
  }

  /** Of the weights that the catalogue lists; a deployment's is in its own words. */
  private Map<String, Integer> sequencesMax() {
    Map<String, Integer> most = new HashMap<>();
    for (KnownWeights.Complete entry : weights.entries()) {
      Integer own = entry.tuning().sequencesMax();
      most.put(entry.id(), own == null ? properties.sequencesMax() : own);
    }
    return most;
  }

  private FirstTokens firstTokens(String id) {
    long count = 0;
    double total = 0;
    double max = 0;
    for (Timer timer : meters.find("galerne.engine.first.token").tag("weights", id).timers()) {
      count += timer.count();
      total += timer.totalTime(TimeUnit.MILLISECONDS);
      max = Math.max(max, timer.max(TimeUnit.MILLISECONDS));
    }
    return new FirstTokens(count, total, max);
  }
}

package io.galerne.serving;

import io.galerne.engine.Engine;
import io.galerne.engine.EngineStatistics;
import io.galerne.engine.ModelProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The engines that are loaded, by the catalogue's id of their weights. Closing it closes them. */
public final class EngineRegistry implements AutoCloseable {
  private final Map<String, Engine> byWeights;

  public EngineRegistry(Map<String, Engine> byWeights) {
    this.byWeights = Map.copyOf(byWeights);
  }

  /** What each engine has loaded, by the id of its weights. */
  public Map<String, ModelProfile> profiles() {
    Map<String, ModelProfile> profiles = new LinkedHashMap<>();
    byWeights.forEach((weights, engine) -> profiles.put(weights, engine.profile()));
    return profiles;
  }

  /** The counters of each engine. */
  public List<EngineStatistics> statistics() {
    return byWeights.values().stream().map(Engine::statistics).toList();
  }

  /** The counters of each engine, by the id of its weights. */
  public Map<String, EngineStatistics> statisticsByWeights() {
    Map<String, EngineStatistics> statistics = new TreeMap<>();
    byWeights.forEach((weights, engine) -> statistics.put(weights, engine.statistics()));
    return statistics;
  }

  Engine engine(String weights) {
    Engine engine = byWeights.get(weights);
    if (engine == null) {
      throw new IllegalStateException("no engine serves " + weights);
    }
    return engine;
  }

  /** The engine that has loaded the weights of a digest, if one has. */
  public Optional<Engine> ofDigest(String digest) {
    return byWeights.values().stream()
        .filter(engine -> engine.profile().digest().equals(digest))
        .findFirst();
  }

  @Override
  public void close() {
    byWeights.values().forEach(Engine::close);
  }
}

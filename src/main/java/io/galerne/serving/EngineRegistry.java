package io.galerne.serving;

import io.galerne.engine.Engine;
import io.galerne.engine.EngineStatistics;
import io.galerne.engine.ModelProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The engines that are loaded, by the catalogue's id of their weights or by their deployment.
 * Closing it closes them.
 */
public final class EngineRegistry implements AutoCloseable {
  private final Map<String, Engine> byWeights;
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

  /** Learns which engines there are. Told one thing after the other, from any thread. */
  public interface Watcher {
    void added(String weights, Engine engine);

    void removed(String weights);
  }

  public EngineRegistry(Map<String, Engine> byWeights) {
    this.byWeights = new ConcurrentHashMap<>(byWeights);
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

  /** Tells of the engines that there are now, and of each that comes and goes. */
  public synchronized void watch(Watcher watcher) {
    byWeights.forEach(watcher::added);
    watchers.add(watcher);
  }

  /** Makes an engine known. */
  public synchronized void add(String weights, Engine engine) {
    if (byWeights.putIfAbsent(weights, engine) != null) {
      throw new IllegalStateException("an engine serves " + weights + " already");
    }
    watchers.forEach(watcher -> watcher.added(weights, engine));
  }

  /** Takes an engine out, without closing it; nothing that comes from now on finds it. */
  public synchronized void remove(String weights) {
    if (byWeights.remove(weights) != null) {
      watchers.forEach(watcher -> watcher.removed(weights));
    }
  }

  /** Whether an engine serves these weights. */
  boolean serves(String weights) {
    return byWeights.containsKey(weights);
  }

  /** Null if none serves these weights, or none any more. */
  @Nullable Engine engine(String weights) {
    return byWeights.get(weights);
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

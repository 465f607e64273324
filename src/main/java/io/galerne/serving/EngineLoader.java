package io.galerne.serving;

import io.galerne.catalog.KnownWeights;
import io.galerne.catalog.Tuning;
import io.galerne.catalog.WeightsCatalog;
import io.galerne.engine.Engine;
import io.galerne.engine.EngineSettings;
import io.galerne.engine.LoadListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.stereotype.Component;

/** Loads engines beside those of the start, as far as the machine has room for them. */
@Component
public class EngineLoader {
  private final EngineProperties properties;

  // guarded by this
  private final Map<String, MemoryPlan.Share> shares = new LinkedHashMap<>();

  EngineLoader(WeightsCatalog catalog, EngineProperties properties) {
    this.properties = properties;
    int engines = catalog.entries().size();
    for (KnownWeights.Complete weights : catalog.entries()) {
      EngineSettings settings = EngineConfiguration.settings(weights, properties, engines);
      shares.put(weights.id(), share(weights.id(), settings));
    }
  }

  private static MemoryPlan.Share share(String name, EngineSettings settings) {
    return MemoryPlan.share(name, settings.weights(), settings.kvMemoryBytes());
  }

  /**
   * Why the machine can't hold an engine beside those that it has, with the sum; empty if it can.
   *
   * @param instead an engine that goes when this one comes, and isn't counted; empty for none
   */
  public synchronized Optional<String> refusal(
      String name, KnownWeights.Complete weights, Tuning tuning, String instead) {
    List<MemoryPlan.Share> all = new ArrayList<>();
    shares.forEach(
        (other, share) -> {
          if (!other.equals(instead)) {
            all.add(share);
          }
        });
    all.add(share(name, settings(weights, tuning)));
    try {
      MemoryPlan.ofThisMachine().require(all);
      return Optional.empty();
    } catch (InvalidConfigurationPropertyValueException e) {
      return Optional.of(String.valueOf(e.getReason()));
    }
  }

  /**
   * Loads an engine. {@link #unloaded} must be called when it is closed.
   *
   * @throws io.galerne.engine.WeightsException if the file can't be used, or doesn't fit now
   */
  public Engine load(
      String name, KnownWeights.Complete weights, Tuning tuning, LoadListener listener) {
    EngineSettings settings = settings(weights, tuning);
    synchronized (this) {
      shares.put(name, share(name, settings));
    }
    try {
      return Engine.load(settings, listener);
    } catch (RuntimeException | Error e) {
      unloaded(name);
      throw e;
    }
  }

  /**
   * What an engine is given: its own wishes, and the installation's settings where it has none.
   *
   * @param weightsBytes packed
   * @param kvBytes for keys and values
   * @param sequencesMax answers in progress together
   */
  public record Capacity(int threads, long weightsBytes, long kvBytes, int sequencesMax) {}

  /** What an engine of this name has, or would be given if it were loaded now. */
  public synchronized Capacity capacity(String name, KnownWeights.Complete weights, Tuning tuning) {
    EngineSettings settings = settings(weights, tuning);
    MemoryPlan.Share given = shares.get(name);
    MemoryPlan.Share share = given == null ? share(name, settings) : given;
    return new Capacity(
        settings.threads(), share.weightsBytes(), share.kvBytes(), settings.sequencesMax());
  }

  /** The engine's memory is free again. */
  public synchronized void unloaded(String name) {
    shares.remove(name);
  }

  private EngineSettings settings(KnownWeights.Complete weights, Tuning tuning) {
    return EngineConfiguration.settings(weights.with(tuning), properties, shares.size() + 1);
  }
}

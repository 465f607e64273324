package io.galerne.observability;

import io.galerne.engine.Engine;
import io.galerne.engine.EngineStatistics;
import io.galerne.remote.RemoteEngine;
import io.galerne.serving.EngineRegistry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;

/**
 * Each engine's queue, batch, cache and counters, by the id of its weights or its deployment; never
 * by tenant. They come and go with the engine.
 */
@Component
class EngineMeters implements EngineRegistry.Watcher, SmartInitializingSingleton {
  private final EngineRegistry engines;
  private final MeterRegistry meters;
  private final Map<String, List<Meter>> byWeights = new ConcurrentHashMap<>();

  EngineMeters(EngineRegistry engines, MeterRegistry meters) {
    this.engines = engines;
    this.meters = meters;
  }

  @Override
  public void afterSingletonsInstantiated() {
    engines.watch(this);
  }

  @Override
  public void added(String weights, Engine engine) {
    List<Meter> added = new ArrayList<>(new Bound(meters, weights, engine).all());
    if (engine instanceof RemoteEngine remote) {
      added.addAll(new RemoteMeters(meters, weights, remote).all());
    }
    byWeights.put(weights, added);
  }

  @Override
  public void removed(String weights) {
    byWeights.getOrDefault(weights, List.of()).forEach(meters::remove);
    byWeights.remove(weights);
  }

  /** The meters of one engine. */
  private record Bound(MeterRegistry meters, String weights, Engine engine) {
    List<Meter> all() {
      return List.of(
          gauge("running", "Answers in progress", EngineStatistics::running),
          gauge("waiting", "Requests that wait", EngineStatistics::waiting),
          gauge("threads", "Compute threads", EngineStatistics::threads),
          blocks("used", EngineStatistics::kvBlocksUsed),
          blocks("cached", EngineStatistics::kvBlocksCached),
          blocks("free", Bound::kvBlocksFree),
          counter("steps", "Steps computed", EngineStatistics::steps),
          counter("preemptions", "Answers sent back", EngineStatistics::preemptions),
          counter("prompt.tokens", "Tokens of prompts computed", EngineStatistics::promptTokens),
          counter(
              "generated.tokens", "Tokens of answers computed", EngineStatistics::generatedTokens),
          counter(
              "cached.tokens",
              "Tokens of prompts found in the cache",
              EngineStatistics::cachedTokens));
    }

    private static double kvBlocksFree(EngineStatistics engine) {
      return engine.kvBlocks() - engine.kvBlocksUsed() - engine.kvBlocksCached();
    }

    private Tags tags() {
      return Tags.of("weights", weights);
    }

    private Meter gauge(String name, String description, ToDoubleFunction<EngineStatistics> value) {
      return Gauge.builder(
              "galerne.engine." + name, engine, each -> value.applyAsDouble(each.statistics()))
          .description(description)
          .tags(tags())
          .strongReference(true)
          .register(meters);
    }

    private Meter blocks(String state, ToDoubleFunction<EngineStatistics> value) {
      return Gauge.builder(
              "galerne.engine.kv.blocks", engine, each -> value.applyAsDouble(each.statistics()))
          .description("Blocks of keys and values: used by answers, cached for others, free")
          .tags(tags().and("state", state))
          .strongReference(true)
          .register(meters);
    }

    private Meter counter(
        String name, String description, ToDoubleFunction<EngineStatistics> value) {
      return FunctionCounter.builder(
              "galerne.engine." + name, engine, each -> value.applyAsDouble(each.statistics()))
          .description(description)
          .tags(tags())
          .register(meters);
    }
  }
}

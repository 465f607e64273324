package io.galerne.observability;

import io.galerne.engine.EngineStatistics;
import io.galerne.serving.EngineRegistry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;

/** Each engine's queue, batch, cache and counters, by the id of its weights; never by tenant. */
@Component
class EngineMeters implements MeterBinder {
  private final EngineRegistry engines;

  EngineMeters(EngineRegistry engines) {
    this.engines = engines;
  }

  @Override
  public void bindTo(MeterRegistry meters) {
    engines.profiles().keySet().forEach(weights -> bind(meters, weights));
  }

  private void bind(MeterRegistry meters, String weights) {
    gauge(meters, weights, "running", "Answers in progress", EngineStatistics::running);
    gauge(meters, weights, "waiting", "Requests that wait", EngineStatistics::waiting);
    gauge(meters, weights, "threads", "Compute threads", EngineStatistics::threads);
    blocks(meters, weights, "used", EngineStatistics::kvBlocksUsed);
    blocks(meters, weights, "cached", EngineStatistics::kvBlocksCached);
    blocks(meters, weights, "free", EngineMeters::kvBlocksFree);
    counter(meters, weights, "steps", "Steps computed", EngineStatistics::steps);
    counter(meters, weights, "preemptions", "Answers sent back", EngineStatistics::preemptions);
    String kind = "Tokens of prompts computed";
    counter(meters, weights, "prompt.tokens", kind, EngineStatistics::promptTokens);
    kind = "Tokens of answers computed";
    counter(meters, weights, "generated.tokens", kind, EngineStatistics::generatedTokens);
    kind = "Tokens of prompts found in the cache";
    counter(meters, weights, "cached.tokens", kind, EngineStatistics::cachedTokens);
  }

  private static double kvBlocksFree(EngineStatistics engine) {
    return engine.kvBlocks() - engine.kvBlocksUsed() - engine.kvBlocksCached();
  }

  private void gauge(
      MeterRegistry meters,
      String weights,
      String name,
      String description,
      ToDoubleFunction<EngineStatistics> value) {
    Gauge.builder("galerne.engine." + name, () -> now(weights, value))
        .description(description)
        .tag("weights", weights)
        .register(meters);
  }

  private void blocks(
      MeterRegistry meters,
      String weights,
      String state,
      ToDoubleFunction<EngineStatistics> value) {
    Gauge.builder("galerne.engine.kv.blocks", () -> now(weights, value))
        .description("Blocks of keys and values: used by answers, cached for others, free")
        .tag("weights", weights)
        .tag("state", state)
        .register(meters);
  }

  private void counter(
      MeterRegistry meters,
      String weights,
      String name,
      String description,
      ToDoubleFunction<EngineStatistics> value) {
    FunctionCounter.builder("galerne.engine." + name, this, self -> self.now(weights, value))
        .description(description)
        .tag("weights", weights)
        .register(meters);
  }

  /** Not a number once the engine is gone. */
  private double now(String weights, ToDoubleFunction<EngineStatistics> value) {
    return statistics(weights).map(value::applyAsDouble).orElse(Double.NaN);
  }

  /** The registry lists profiles and statistics in the same order. */
  private Optional<EngineStatistics> statistics(String weights) {
    List<EngineStatistics> statistics = engines.statistics();
    Iterator<EngineStatistics> each = statistics.iterator();
    for (String id : engines.profiles().keySet()) {
      if (!each.hasNext()) {
        break;
      }
      EngineStatistics engine = each.next();
      if (id.equals(weights)) {
        return Optional.of(engine);
      }
    }
    return Optional.empty();
  }
}

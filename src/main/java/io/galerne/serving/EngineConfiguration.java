package io.galerne.serving;

import io.galerne.catalog.KnownWeights;
import io.galerne.catalog.Tuning;
import io.galerne.catalog.WeightsCatalog;
import io.galerne.engine.Engine;
import io.galerne.engine.EngineSettings;
import io.galerne.engine.LoadListener;
import io.galerne.headstart.HeadStart;
import io.galerne.launch.ProgressBar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

/** Loads an engine for each file of weights that a model uses, and shows how far it is. */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {
  private static final Logger log = LoggerFactory.getLogger(EngineConfiguration.class);

  @Bean
  EngineRegistry engineRegistry(
      WeightsCatalog catalog, EngineProperties properties, ConfigurableListableBeanFactory beans)
      throws Exception {
    return HeadStart.claim(
        beans, EngineHeadStart.NAME, EngineRegistry.class, () -> load(catalog, properties));
  }

  static EngineRegistry load(WeightsCatalog catalog, EngineProperties properties) {
    if (!catalog.unused().isEmpty()) {
      log.info("No model uses these weights, so they are not loaded: {}", catalog.unused());
    }
    List<EngineSettings> plan = plan(catalog.entries(), properties);
    Map<String, Engine> engines = new LinkedHashMap<>();
    try {
      for (int i = 0; i < plan.size(); i++) {
        KnownWeights.Complete weights = catalog.entries().get(i);
        engines.put(weights.id(), Engine.load(plan.get(i), new Progress(weights)));
      }
    } catch (RuntimeException | Error e) {
      engines.values().forEach(Engine::close);
      throw e;
    }
    return new EngineRegistry(engines);
  }

  private static List<EngineSettings> plan(
      List<KnownWeights.Complete> entries, EngineProperties properties) {
    List<EngineSettings> plan =
        entries.stream().map(weights -> settings(weights, properties, entries.size())).toList();
    List<MemoryPlan.Share> shares = new ArrayList<>();
    for (int i = 0; i < plan.size(); i++) {
      KnownWeights.Complete weights = entries.get(i);
      shares.add(MemoryPlan.share(weights.id(), weights.file(), plan.get(i).kvMemoryBytes()));
    }
    MemoryPlan.ofThisMachine().require(shares);
    return plan;
  }

  static EngineSettings settings(
      KnownWeights.Complete weights, EngineProperties properties, int engines) {
    EngineSettings defaults = EngineSettings.of(weights.file());
    Tuning tuning = weights.tuning();
    DataSize kvMemory = first(tuning.kvMemory(), properties.kvMemory());
    return new EngineSettings(
        weights.file(),
        first(
            tuning.threads(),
            properties.threads() > 0 ? properties.threads() : null,
            defaults.threads()),
        kvMemory != null ? kvMemory.toBytes() : MemoryPlan.defaultKvBytes(engines),
        first(tuning.contextLimit(), null, 0),
        first(tuning.sequencesMax(), null, properties.sequencesMax()),
        properties.waitingMax(),
        properties.waitingPerTenantMax(),
        properties.stepTokensMax(),
        properties.promptTokensBeside(),
        properties.draftTokensMax(),
        properties.kernels(),
        tuning.promptFormat(),
        tuning.slidingWindow());
  }

  private static <T> @Nullable T first(@Nullable T own, @Nullable T shared) {
    return own != null ? own : shared;
  }

  private static int first(@Nullable Integer own, @Nullable Integer shared, int otherwise) {
    Integer chosen = first(own, shared);
    return chosen != null ? chosen : otherwise;
  }

  /** Draws the bar once the size is known. */
  private static final class Progress implements LoadListener {
    private final String label;
    private @Nullable ProgressBar bar;
    private long shown;

    Progress(KnownWeights.Complete weights) {
      this.label = "Loading " + weights.id();
    }

    @Override
    public void progress(long done, long total) {
      ProgressBar current = bar != null ? bar : ProgressBar.onStandardOutput(label, total);
      bar = current;
      current.advance(done - shown);
      shown = done;
    }
  }
}

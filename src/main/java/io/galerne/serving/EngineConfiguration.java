package io.galerne.serving;

import io.galerne.catalog.CatalogProperties.Weights;
import io.galerne.catalog.WeightsCatalog;
import io.galerne.engine.Engine;
import io.galerne.engine.EngineSettings;
import io.galerne.engine.LoadListener;
import io.galerne.headstart.HeadStart;
import io.galerne.launch.ProgressBar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Loads an engine for each entry of the catalogue's weights, and shows how far it is. */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {
  @Bean
  EngineRegistry engineRegistry(
      WeightsCatalog catalog, EngineProperties properties, ConfigurableListableBeanFactory beans)
      throws Exception {
    return HeadStart.claim(
        beans,
        EngineHeadStart.NAME,
        EngineRegistry.class,
        () -> load(catalog.entries(), properties));
  }

  static EngineRegistry load(List<Weights> entries, EngineProperties properties) {
    Map<String, Engine> engines = new LinkedHashMap<>();
    try {
      for (Weights weights : entries) {
        engines.put(
            weights.id(), Engine.load(settings(weights, properties), new Progress(weights)));
      }
    } catch (RuntimeException | Error e) {
      engines.values().forEach(Engine::close);
      throw e;
    }
    return new EngineRegistry(engines);
  }

  private static EngineSettings settings(Weights weights, EngineProperties properties) {
    EngineSettings defaults = EngineSettings.of(weights.file());
    Integer contextLimit = weights.contextLimit();
    return new EngineSettings(
        weights.file(),
        properties.threads() > 0 ? properties.threads() : defaults.threads(),
        properties.kvMemory() != null ? properties.kvMemory().toBytes() : defaults.kvMemoryBytes(),
        contextLimit != null ? contextLimit : 0,
        properties.sequencesMax(),
        properties.waitingMax(),
        properties.stepTokensMax(),
        properties.promptTokensBeside(),
        defaults.kernels());
  }

  /** Draws the bar once the size is known. */
  private static final class Progress implements LoadListener {
    private final String label;
    private @Nullable ProgressBar bar;
    private long shown;

    Progress(Weights weights) {
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

package io.galerne.serving;

import io.galerne.catalog.CatalogProperties;
import io.galerne.catalog.WeightsCatalog;
import io.galerne.engine.Engine;
import io.galerne.headstart.HeadStart;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Puts scripted engines where the whole application would load weights, so that everything but
 * inference is real: {@code @ContextConfiguration(initializers = ScriptedHeadStart.class)}.
 */
public final class ScriptedHeadStart
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {
  private final Function<String, Engine> engine;

  public ScriptedHeadStart() {
    this(ScriptedEngine::new);
  }

  /**
   * @param engine for weights of a digest
   */
  public ScriptedHeadStart(Function<String, Engine> engine) {
    this.engine = engine;
  }

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    CatalogProperties catalog =
        Binder.get(context.getEnvironment()).bind("galerne.catalog", CatalogProperties.class).get();
    Map<String, Engine> engines = new LinkedHashMap<>();
    for (var weights : new WeightsCatalog(catalog).entries()) {
      engines.put(weights.id(), engine.apply(weights.sha256()));
    }
    HeadStart.begin(context, EngineHeadStart.NAME, () -> new EngineRegistry(engines));
  }
}

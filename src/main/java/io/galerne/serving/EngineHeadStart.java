package io.galerne.serving;

import io.galerne.catalog.CatalogProperties;
import io.galerne.catalog.WeightsCatalog;
import io.galerne.headstart.HeadStart;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Loads the engines while the context is still reading its configuration. */
public final class EngineHeadStart
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {
  static final String NAME = "galerne-engine-head-start";

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    Binder binder = Binder.get(context.getEnvironment());
    try {
      BindResult<CatalogProperties> catalog =
          binder.bind("galerne.catalog", CatalogProperties.class);
      EngineProperties engine = binder.bindOrCreate("galerne.engine", EngineProperties.class);
      if (catalog.isBound()) {
        WeightsCatalog weights = new WeightsCatalog(catalog.get());
        HeadStart.begin(context, NAME, () -> EngineConfiguration.load(weights, engine));
      }
    } catch (BindException | InvalidConfigurationPropertyValueException e) {
      // The context binds the same properties and reports what is wrong with them.
      System.getLogger(EngineHeadStart.class.getName())
          .log(System.Logger.Level.DEBUG, "no head start", e);
    }
  }
}

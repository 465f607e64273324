package io.galerne.database;

import io.galerne.headstart.HeadStart;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** Starts the embedded server while the context is still reading its configuration. */
public final class DatabaseHeadStart
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {
  static final String NAME = "galerne-database-head-start";

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    Environment environment = context.getEnvironment();
    if (!environment.containsProperty("spring.datasource.url")
        && !environment.containsProperty("spring.datasource.jndi-name")) {
      DataDirectory data = Binder.get(environment).bindOrCreate("galerne", DataDirectory.class);
      HeadStart.begin(context, NAME, () -> EmbeddedDatabase.start(data));
    }
  }
}

package io.galerne.secrets;

import io.galerne.database.DataDirectory;
import io.galerne.database.ServedDatabase;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;

/** As much of the application as changing keys takes: the database, the keys, what is sealed. */
final class SecretsDatabase implements AutoCloseable {
  /** Not found by the application's scan. */
  @Import({ServedDatabase.class, SecretsConfiguration.class, KeyRotation.class})
  @EnableConfigurationProperties({DataDirectory.class, SecretsProperties.class})
  @ComponentScan(
      basePackages = "io.galerne",
      useDefaultFilters = false,
      includeFilters =
          @ComponentScan.Filter(type = FilterType.CUSTOM, classes = SealedComponents.class))
  static final class Context {}

  private final ConfigurableApplicationContext context;

  private SecretsDatabase(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /**
   * @param args properties in Spring Boot's form
   */
  static SecretsDatabase open(String... args) {
    SpringApplication application = new SpringApplication(Context.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setLogStartupInfo(false);
    return new SecretsDatabase(application.run(args));
  }

  List<SealedColumn> columns() {
    return context.getBeanProvider(SealedColumn.class).orderedStream().toList();
  }

  List<RotationWitness> witnesses() {
    return context.getBeanProvider(RotationWitness.class).orderedStream().toList();
  }

  KeyRotation rotation() {
    return context.getBean(KeyRotation.class);
  }

  /**
   * @throws IllegalStateException if the keys are not in a file
   */
  void addKey() {
    if (!context.getBean(SecretsProperties.class).keys().isEmpty()) {
      throw new IllegalStateException(
          "--new-key: galerne.secrets.keys is set; add a key there, and restart the servers first");
    }
    new KeyFile(context.getBean(DataDirectory.class)).add();
  }

  @Override
  public void close() {
    context.close();
  }
}

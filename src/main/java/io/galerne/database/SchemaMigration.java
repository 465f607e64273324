package io.galerne.database;

import java.util.Arrays;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/** Migrates as a server's start would, from the same configuration, and serves nothing. */
public final class SchemaMigration {
  /** As much of the application as migrating takes. Not found by the application's scan. */
  @ImportAutoConfiguration({
    DataSourceAutoConfiguration.class,
    EmbeddedDatabaseAutoConfiguration.class,
    FlywayConnectionAutoConfiguration.class,
    FlywayAutoConfiguration.class
  })
  @EnableConfigurationProperties(DataDirectory.class)
  static final class Context {}

  private SchemaMigration() {}

  /**
   * Brings the schema up to date.
   *
   * @param args properties in Spring Boot's form, such as {@code --spring.datasource.url=...}
   * @return the version that it is at now
   * @throws RuntimeException if it could not be; the reason is in the log
   */
  public static String run(String... args) {
    SpringApplication application = new SpringApplication(Context.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setLogStartupInfo(false);
    try (ConfigurableApplicationContext context = application.run(applying(args))) {
      MigrationInfo current = context.getBean(Flyway.class).info().current();
      return current == null ? "none" : String.valueOf(current.getVersion());
    }
  }

  /** The servers' configuration may say that they migrate nothing; this is not a server. */
  private static String[] applying(String... args) {
    String property = "--" + SchemaProperties.MIGRATIONS + "=";
    return Stream.concat(
            Arrays.stream(args).filter(arg -> !arg.startsWith(property)),
            Stream.of(property + "apply"))
        .toArray(String[]::new);
  }
}

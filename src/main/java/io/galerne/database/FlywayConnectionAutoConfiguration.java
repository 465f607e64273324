package io.galerne.database;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.flyway.autoconfigure.FlywayProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;

/**
 * Lets Flyway migrate over connections of its own: those of the pool work as the runtime role,
 * which owns nothing and, before the first migration, does not exist.
 */
@AutoConfiguration(
    after = DataSourceAutoConfiguration.class,
    before = FlywayAutoConfiguration.class)
@EnableConfigurationProperties(SchemaProperties.class)
class FlywayConnectionAutoConfiguration {
  @Bean
  FlywayMigrationStrategy migrationStrategy(SchemaProperties schema) {
    return switch (schema.migrations()) {
      case APPLY -> Flyway::migrate;
      case EXPECT -> ExpectedSchema::require;
    };
  }

  /** {@code spring.flyway.url}, {@code .user} and {@code .password} win over the pool's. */
  @Bean
  @ConditionalOnMissingBean
  FlywayConnectionDetails flywayConnectionDetails(
      JdbcConnectionDetails pool, FlywayProperties flyway) {
    return new RoleConnection(
            Optional.ofNullable(flyway.getUrl()).orElseGet(pool::getJdbcUrl),
            flyway.getUser() == null ? pool.getUsername() : flyway.getUser(),
            flyway.getUser() == null ? pool.getPassword() : flyway.getPassword())
        .forMigrations();
  }

  /** Migrations grant the runtime role to the user that the pool connects as. */
  @Bean
  FlywayConfigurationCustomizer runtimeUserPlaceholder(JdbcConnectionDetails pool) {
    String user = Optional.ofNullable(pool.getUsername()).orElse(System.getProperty("user.name"));
    return flyway -> {
      Map<String, String> placeholders = new HashMap<>(flyway.getPlaceholders());
      placeholders.put("runtime_user", user);
      flyway.placeholders(placeholders);
    };
  }
}

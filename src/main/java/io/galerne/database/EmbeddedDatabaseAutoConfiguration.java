package io.galerne.database;

import io.galerne.headstart.HeadStart;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * The embedded server, unless the user names one of his own. An auto-configuration because it must
 * see whether anything else already says how to connect.
 */
@AutoConfiguration(
    before = {DataSourceAutoConfiguration.class, FlywayConnectionAutoConfiguration.class})
@Conditional(EmbeddedDatabaseAutoConfiguration.NoServerNamed.class)
@ConditionalOnMissingBean(JdbcConnectionDetails.class)
class EmbeddedDatabaseAutoConfiguration {
  @Bean(destroyMethod = "close")
  EmbeddedDatabase embeddedDatabase(DataDirectory data, ConfigurableListableBeanFactory beans)
      throws Exception {
    return HeadStart.claim(
        beans, DatabaseHeadStart.NAME, EmbeddedDatabase.class, () -> EmbeddedDatabase.start(data));
  }

  @Bean
  JdbcConnectionDetails embeddedRuntimeConnection(EmbeddedDatabase database) {
    return new RoleConnection(
            database.jdbcUrl(), EmbeddedDatabase.RUNTIME, database.credentials().runtime())
        .forPool();
  }

  @Bean
  FlywayConnectionDetails embeddedOwnerConnection(EmbeddedDatabase database) {
    return new RoleConnection(
            database.jdbcUrl(), EmbeddedDatabase.OWNER, database.credentials().owner())
        .forMigrations();
  }

  static final class NoServerNamed extends NoneNestedConditions {
    NoServerNamed() {
      super(ConfigurationPhase.PARSE_CONFIGURATION);
    }

    @ConditionalOnProperty("spring.datasource.url")
    static final class Url {}

    @ConditionalOnProperty("spring.datasource.jndi-name")
    static final class JndiName {}
  }
}

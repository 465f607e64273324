package io.galerne.database;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * The database for a command that works beside servers: the one that they are configured with, or
 * the embedded one, whether a server runs it at the moment or not. Not found by the application's
 * scan.
 */
@Import(TenantTransactions.class)
@ImportAutoConfiguration({
  DataSourceAutoConfiguration.class,
  EmbeddedDatabaseAutoConfiguration.class,
  JdbcTemplateAutoConfiguration.class,
  JdbcClientAutoConfiguration.class,
  DataSourceTransactionManagerAutoConfiguration.class,
  TransactionAutoConfiguration.class
})
public final class ServedDatabase {
  private ServedDatabase() {}

  @Bean
  @Conditional(AServerRuns.class)
  static JdbcConnectionDetails runningEmbeddedServer(DataDirectory data) {
    return RunningPostmaster.of(data).orElseThrow().forPool();
  }

  static final class AServerRuns extends SpringBootCondition {
    @Override
    public ConditionOutcome getMatchOutcome(
        ConditionContext context, AnnotatedTypeMetadata metadata) {
      Environment environment = context.getEnvironment();
      DataDirectory data = Binder.get(environment).bindOrCreate("galerne", DataDirectory.class);
      boolean runs =
          !environment.containsProperty("spring.datasource.url")
              && RunningPostmaster.of(data).isPresent();
      return new ConditionOutcome(
          runs, ConditionMessage.forCondition("embedded server").because("runs: " + runs));
    }
  }
}

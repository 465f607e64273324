package io.galerne.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a Spring user does: spring.datasource.url, username and password. */
class ExternalDatabaseIntegrationTests {
  @Test
  void theUserMigratesAndThePoolWorksAsTheRuntimeRole() throws SQLException {
    String url = databaseOf("plain_user", "createrole");
    try (ConfigurableApplicationContext context = start(url, "plain_user")) {
      JdbcClient jdbc = context.getBean(JdbcClient.class);
      assertThat(jdbc.sql("select current_user").query(String.class).single())
          .isEqualTo("galerne_app");
      assertThat(jdbc.sql("select session_user").query(String.class).single())
          .isEqualTo("plain_user");
      assertThat(context.getBeansOfType(EmbeddedDatabase.class)).isEmpty();
      assertThat(ownerOfTables(jdbc)).isEqualTo("plain_user");
    }
    start(url, "plain_user").close(); // and once more
  }

  @Test
  void aSuperuserIsDemotedForWork() throws SQLException {
    String url = databaseOf("other_superuser", "superuser");
    try (ConfigurableApplicationContext context = start(url, "other_superuser")) {
      assertThat(
              context
                  .getBean(JdbcClient.class)
                  .sql("show is_superuser")
                  .query(String.class)
                  .single())
          .isEqualTo("off");
    }
  }

  @Test
  void migrationsCanHaveAUserOfTheirOwn() throws SQLException {
    String url = databaseOf("migrator", "createrole");
    administer("create role worker login password 'pw'");
    try (ConfigurableApplicationContext context =
        start(url, "worker", "--spring.flyway.user=migrator", "--spring.flyway.password=pw")) {
      JdbcClient jdbc = context.getBean(JdbcClient.class);
      assertThat(jdbc.sql("select session_user").query(String.class).single()).isEqualTo("worker");
      assertThat(ownerOfTables(jdbc)).isEqualTo("migrator");
    }
  }

  @Test
  void whatTheLedgerHeldBeforeItHadPricesIsKept() throws SQLException {
    String url = databaseOf("upgrader", "createrole");
    start(url, "upgrader", "--spring.flyway.target=2").close();
    try (Connection old = DriverManager.getConnection(url, "upgrader", "pw");
        Statement statement = old.createStatement()) {
      statement.execute(
          """
          select set_config('galerne.tenant', '00000000-0000-0000-0000-000000000001', false);
          insert into tenant values (galerne_tenant(), 'Old', now(), 0);
          insert into workspace values (galerne_tenant(), galerne_tenant(), 'Old', now(), 0);
          insert into api_key values (galerne_tenant(), galerne_tenant(), galerne_tenant(), 'Old',
            'old', repeat('0', 64), now(), null, null, null, 0);
          insert into usage_event values (galerne_tenant(), galerne_tenant(), galerne_tenant(),
            galerne_tenant(), 'tiny', 'digest', 7, 11, 'STOP', now(), now(), now());
          """);
    }

    start(url, "upgrader").close();

    try (Connection now = DriverManager.getConnection(url, "upgrader", "pw");
        Statement statement = now.createStatement()) {
      statement.execute(
          "select set_config('galerne.tenant', '00000000-0000-0000-0000-000000000001', false)");
      try (ResultSet sums =
          statement.executeQuery(
              """
              select e.prompt_tokens, e.completion_tokens, d.requests, d.completion_tokens
              from usage_event e join usage_daily d on d.day = e.usage_day
              """)) {
        assertThat(sums.next()).isTrue();
        assertThat(List.of(sums.getInt(1), sums.getInt(2), sums.getInt(3), sums.getInt(4)))
            .containsExactly(7, 11, 1, 11);
        assertThat(sums.next()).isFalse();
      }
    }
  }

  @Test
  void refusesToWorkAsSuperuser() throws SQLException {
    String url = databaseOf("bold_superuser", "superuser");
    assertRefused(url, "bold_superuser", "a superuser");
  }

  @Test
  void refusesToWorkAsOwner() throws SQLException {
    String url = databaseOf("bold_owner", "createrole");
    assertRefused(url, "bold_owner", "api_key, ");
  }

  @Test
  void refusesToWorkPastRowSecurity() throws SQLException {
    String url = databaseOf("bold_bypasser", "createrole bypassrls");
    assertRefused(url, "bold_bypasser", "BYPASSRLS");
  }

  private static void assertRefused(String url, String user, String reason) {
    assertThatThrownBy(
            () -> start(url, user, "--spring.datasource.hikari.connection-init-sql=select 1"))
        .rootCause()
        .isInstanceOf(DatabaseSetupException.class)
        .hasMessageContaining(user)
        .hasMessageContaining(reason);
  }

  private static String ownerOfTables(JdbcClient jdbc) {
    return jdbc.sql("select distinct tableowner::text from pg_tables where tablename = 'tenant'")
        .query((row, _) -> row.getString(1))
        .single();
  }

  private static String databaseOf(String owner, String attributes) throws SQLException {
    administer("create role " + owner + " login password 'pw' " + attributes);
    administer("grant galerne_app to " + owner + " with admin option");
    administer("create database of_" + owner + " owner " + owner);
    return TestDatabase.server().url() + "of_" + owner;
  }

  private static void administer(String sql) throws SQLException {
    try (Connection connection = TestDatabase.server().connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static ConfigurableApplicationContext start(String url, String user, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--spring.datasource.url=" + url,
                "--spring.datasource.username=" + user,
                "--spring.datasource.password=pw"));
    arguments.addAll(List.of(more));
    return new SpringApplicationBuilder(DatabaseOnly.class)
        .web(WebApplicationType.NONE)
        .run(arguments.toArray(String[]::new));
  }

  /** Not a configuration of its own: other tests would find it and take it for the application. */
  @EnableAutoConfiguration
  @EnableConfigurationProperties(DataDirectory.class)
  @ComponentScan(
      basePackageClasses = RuntimeRoleGuard.class,
      useDefaultFilters = false,
      includeFilters =
          @ComponentScan.Filter(
              type = FilterType.ASSIGNABLE_TYPE,
              classes = {RuntimeRoleGuard.class, TenantTransactions.class}))
  static class DatabaseOnly {}
}

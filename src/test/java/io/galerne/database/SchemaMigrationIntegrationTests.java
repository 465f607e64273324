package io.galerne.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One command migrates as the owner; servers without the owner's rights look whether it did. */
class SchemaMigrationIntegrationTests {
  private static final String OWNER = "schema_owner";
  private static final String WORKER = "schema_worker";

  @BeforeAll
  static void roles() throws SQLException {
    administer("create role " + OWNER + " login password 'pw' createrole");
    administer("create role " + WORKER + " login password 'pw'");
  }

  @Test
  void aServerThatExpectsTheSchemaStartsOnceTheCommandHasRun() throws SQLException {
    String url = freshDatabase("expected");
    assertThatThrownBy(() -> serve(url, "--galerne.database.migrations=expect"))
        .rootCause()
        .isInstanceOf(DatabaseSetupException.class)
        .hasMessageContaining("1 (tenants and keys)")
        .hasMessageContaining("not applied");

    String version = migrate(url);

    assertThat(version).matches("\\d+");
    assertThat(migrate(url)).isEqualTo(version); // and once more changes nothing
    try (ConfigurableApplicationContext context =
        serve(url, "--galerne.database.migrations=expect")) {
      JdbcClient jdbc = context.getBean(JdbcClient.class);
      assertThat(jdbc.sql("select current_user").query(String.class).single())
          .isEqualTo("galerne_app");
    }
  }

  /** Otherwise the test above would show a user who may migrate and does not. */
  @Test
  void theWorkerCouldNotMigrate() throws SQLException {
    String url = freshDatabase("forbidden");
    assertThatThrownBy(() -> serve(url, "--galerne.database.migrations=apply"))
        .rootCause()
        .hasMessageContaining("permission denied");
  }

  @Test
  void aSchemaThatIsAheadIsAcceptedAndOneThatWasChangedIsNot() throws SQLException {
    String url = freshDatabase("ahead");
    migrate(url);
    change(
        url,
        """
        insert into flyway_schema_history
        select installed_rank + 1000, '9999', 'later', type, 'V9999__later.sql', 1, installed_by,
               now(), 1, true
        from flyway_schema_history where version = '1'
        """);
    serve(url, "--galerne.database.migrations=expect").close();

    change(url, "update flyway_schema_history set checksum = 1 where version = '2'");
    assertThatThrownBy(() -> serve(url, "--galerne.database.migrations=expect"))
        .rootCause()
        .isInstanceOf(DatabaseSetupException.class)
        .hasMessageContaining("2 (usage events)");
  }

  private static String migrate(String url) {
    return SchemaMigration.run(
        "--spring.datasource.url=" + url,
        "--spring.datasource.username=" + WORKER,
        "--spring.flyway.user=" + OWNER,
        "--spring.flyway.password=pw",
        "--galerne.database.migrations=expect"); // the servers' configuration, which it overrules
  }

  private static ConfigurableApplicationContext serve(String url, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--spring.datasource.url=" + url,
                "--spring.datasource.username=" + WORKER,
                "--spring.datasource.password=pw"));
    arguments.addAll(List.of(more));
    return new SpringApplicationBuilder(ExternalDatabaseIntegrationTests.DatabaseOnly.class)
        .web(WebApplicationType.NONE)
        .run(arguments.toArray(String[]::new));
  }

  private static String freshDatabase(String name) throws SQLException {
    administer("create database schema_" + name + " owner " + OWNER);
    return TestDatabase.server().url() + "schema_" + name;
  }

  private static void change(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, OWNER, "pw");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void administer(String sql) throws SQLException {
    try (Connection connection = TestDatabase.server().connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
      if (sql.startsWith("create role " + OWNER)) {
        statement.execute(
            "do $$ begin if not exists (select from pg_roles where rolname = 'galerne_app') then"
                + " create role galerne_app nologin; end if; end $$");
        statement.execute("grant galerne_app to " + OWNER + " with admin option");
      }
    }
  }
}

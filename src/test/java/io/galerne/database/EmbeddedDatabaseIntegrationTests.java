package io.galerne.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseIntegrationTests {
  @TempDir Path folder;

  @Test
  void survivesAKilledJvm() throws Exception {
    Process killed =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedDatabaseProbe.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output = killed.inputReader(StandardCharsets.UTF_8);
    assertThat(output.lines().anyMatch("committed"::equals)).isTrue();
    DataDirectory data = new DataDirectory(folder);
    assertThatThrownBy(() -> EmbeddedDatabase.start(data))
        .isInstanceOf(DatabaseSetupException.class)
        .hasMessageContaining("in use by another Galerne (process " + killed.pid() + ")");

    killed.destroyForcibly();
    assertThat(killed.waitFor(10, TimeUnit.SECONDS)).isTrue();
    ProcessHandle orphan = postmaster();
    assertThat(orphan.isAlive()).as("the server outlives the JVM").isTrue();

    try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
      assertThat(orphan.isAlive()).isFalse();
      assertThat(ask(database, "select count(*) from kept")).isEqualTo("1000");
    }
    assertThat(folder.resolve("postgres/postmaster.pid")).doesNotExist();
  }

  @Test
  void isSafeByDefault() throws Exception {
    DataDirectory data = new DataDirectory(folder);
    try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
      for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
        assertThat(ask(database, "show " + setting)).as(setting).isEqualTo("on");
      }
      assertThat(ask(database, "show listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(Files.getPosixFilePermissions(data.file("postgres-credentials")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      for (String user : new String[] {"postgres", EmbeddedDatabase.OWNER, "galerne_app"}) {
        assertThatThrownBy(() -> connect(database, user, "guess"))
            .as(user)
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("password authentication failed");
      }
      assertThat(
              ask(
                  database,
                  "select bool_or(rolsuper or rolbypassrls or rolcreaterole) from pg_roles"
                      + " where rolname like 'galerne%'"))
          .isEqualTo("f");
    }
  }

  @Test
  void anInterruptedFirstStartIsBegunAnew() throws Exception {
    Path cluster = Files.createDirectories(folder.resolve("postgres"));
    Files.writeString(cluster.resolve("postgresql.conf"), "nonsense");
    try (EmbeddedDatabase database = EmbeddedDatabase.start(new DataDirectory(folder))) {
      assertThat(ask(database, "select 1")).isEqualTo("1");
    }
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.startsWith("postgres.incomplete-"));
    }
  }

  @Test
  void lostPasswordsAreExplained() throws Exception {
    DataDirectory data = new DataDirectory(folder);
    EmbeddedDatabase.start(data).close();
    Files.delete(data.file("postgres-credentials"));
    assertThatThrownBy(() -> EmbeddedDatabase.start(data))
        .isInstanceOf(DatabaseSetupException.class)
        .hasMessageContaining("postgres-credentials");
  }

  private ProcessHandle postmaster() throws Exception {
    String pid = Files.readAllLines(folder.resolve("postgres/postmaster.pid")).getFirst();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  private static String ask(EmbeddedDatabase database, String sql) throws SQLException {
    try (Connection connection =
            connect(database, EmbeddedDatabase.OWNER, database.credentials().owner());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static Connection connect(EmbeddedDatabase database, String user, String password)
      throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl(), user, password);
  }
}

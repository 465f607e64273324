package io.galerne.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL for tests: {@code @Import(TestDatabase.class)}. One server serves the whole
 * test JVM, from Testcontainers where Docker answers and embedded otherwise; each context gets an
 * empty database of its own and the same roles as in production.
 */
@TestConfiguration(proxyBeanMethods = false)
public class TestDatabase {
  static final String OWNER_PASSWORD = "owner";
  static final String RUNTIME_PASSWORD = "runtime";

  private static final AtomicInteger databases = new AtomicInteger();

  /** How to reach the server as a superuser. */
  record Server(String url, String superuser, String password) {
    Connection connect(String database) throws SQLException {
      return DriverManager.getConnection(url + database, superuser, password);
    }
  }

  /** The address of the context's own database. */
  public record Database(String url) {
    /** What an application of its own is started with to work on it. */
    public List<String> arguments() {
      return List.of(
          "--spring.datasource.url=" + url,
          "--spring.datasource.username=" + EmbeddedDatabase.RUNTIME,
          "--spring.datasource.password=" + RUNTIME_PASSWORD,
          "--spring.flyway.url=" + url,
          "--spring.flyway.user=" + EmbeddedDatabase.OWNER,
          "--spring.flyway.password=" + OWNER_PASSWORD);
    }
  }

  private static final class SharedServer {
    static final Server instance = start();
  }

  static Server server() {
    return SharedServer.instance;
  }

  /** Creates an empty database; its URL. */
  static String freshDatabase() throws SQLException {
    String name = "test_" + databases.incrementAndGet();
    try (Connection connection = server().connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name + " owner " + EmbeddedDatabase.OWNER);
    }
    return server().url() + name;
  }

  @Bean
  Database testDatabase() throws SQLException {
    return new Database(freshDatabase());
  }

  @Bean
  JdbcConnectionDetails testRuntimeConnection(Database database) {
    return new RoleConnection(database.url(), EmbeddedDatabase.RUNTIME, RUNTIME_PASSWORD).forPool();
  }

  @Bean
  FlywayConnectionDetails testOwnerConnection(Database database) {
    return new RoleConnection(database.url(), EmbeddedDatabase.OWNER, OWNER_PASSWORD)
        .forMigrations();
  }

  private static Server start() {
    try {
      Server server = dockerMayAnswer() ? startContainer() : startEmbedded();
      try (Connection connection = server.connect("postgres");
          Statement statement = connection.createStatement()) {
        statement.execute(role(EmbeddedDatabase.OWNER, OWNER_PASSWORD));
        statement.execute(role(EmbeddedDatabase.RUNTIME, RUNTIME_PASSWORD));
      }
      return server;
    } catch (IOException | SQLException e) {
      throw new IllegalStateException("no database for tests", e);
    }
  }

  private static String role(String name, String password) {
    return "create role " + name + " login password '" + password + "'";
  }

  /** Asking Testcontainers takes seconds where there is no Docker: look for its socket first. */
  private static boolean dockerMayAnswer() {
    boolean configured =
        System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
    return configured && DockerClientFactory.instance().isDockerAvailable();
  }

  @SuppressWarnings("resource") // Testcontainers removes it when the JVM ends
  private static Server startContainer() {
    PostgreSQLContainer container = new PostgreSQLContainer("postgres:18-alpine");
    container.start();
    return new Server(
        "jdbc:postgresql://" + container.getHost() + ":" + container.getMappedPort(5432) + "/",
        container.getUsername(),
        container.getPassword());
  }

  @SuppressWarnings("resource") // the library's shutdown hook stops it and deletes its files
  private static Server startEmbedded() throws IOException {
    PostgresBinaries binaries = PostgresBinaries.inUserCache(Path.of("target"));
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(binaries.folder().toFile())
            .setServerConfig("fsync", "off")
            .setPGStartupWait(Duration.ofSeconds(60));
    EmbeddedPostgres server = binaries.whileUnpacking(builder::start);
    return new Server("jdbc:postgresql://127.0.0.1:" + server.getPort() + "/", "postgres", "");
  }
}

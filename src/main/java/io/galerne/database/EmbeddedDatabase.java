package io.galerne.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of our own below the data directory, for those who bring none. It is a full
 * server with its safety on: what was committed survives a killed JVM and a power loss.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  static final String CLUSTER = "postgres";
  static final String DATABASE = "galerne";
  static final String OWNER = "galerne_owner";
  static final String RUNTIME = "galerne_app";

  private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final Duration START_WAIT_MAX = Duration.ofSeconds(60);

  /** Written into the cluster when it is complete; initdb leaves nothing that says so. */
  private static final String COMPLETE = "galerne.complete";

  private final DirectoryLock lock;
  private final EmbeddedPostgres server;
  private final PostgresCredentials credentials;

  private EmbeddedDatabase(
      DirectoryLock lock, EmbeddedPostgres server, PostgresCredentials credentials) {
    this.lock = lock;
    this.server = server;
    this.credentials = credentials;
  }

  /**
   * Starts the server, creating it on the first start.
   *
   * @throws DatabaseSetupException if another Galerne uses the directory, or the passwords are gone
   */
  static EmbeddedDatabase start(DataDirectory data) throws IOException, SQLException {
    DirectoryLock lock = DirectoryLock.acquire(data.dataDirectory());
    try {
      Path cluster = data.file(CLUSTER).toAbsolutePath();
      OrphanedPostmaster.stop(cluster);
      boolean complete = Files.exists(cluster.resolve(COMPLETE));
      if (!complete && Files.exists(cluster)) {
        setAside(cluster);
      }
      PostgresCredentials credentials = PostgresCredentials.load(data, complete);
      EmbeddedPostgres server = startServer(data, cluster, credentials);
      try {
        createRolesAndDatabase(server, credentials);
        if (!complete) {
          Files.createFile(cluster.resolve(COMPLETE));
        }
        return new EmbeddedDatabase(lock, server, credentials);
      } catch (SQLException | IOException | RuntimeException e) {
        server.close();
        throw e;
      }
    } catch (SQLException | IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + DATABASE;
  }

  PostgresCredentials credentials() {
    return credentials;
  }

  /** Stops the server; the data stay. */
  @Override
  public void close() throws IOException {
    server.close();
    lock.close();
  }

  /** A first start was killed half-way: nothing was ever stored, yet better kept than deleted. */
  private static void setAside(Path cluster) throws IOException {
    Path aside = cluster.resolveSibling(CLUSTER + ".incomplete-" + Instant.now().getEpochSecond());
    log.warn("{} was never completed; moving it to {}", cluster, aside);
    Files.move(cluster, aside);
  }

  private static EmbeddedPostgres startServer(
      DataDirectory data, Path cluster, PostgresCredentials credentials) throws IOException {
    PostgresBinaries binaries = PostgresBinaries.inUserCache(data.dataDirectory());
    Path passwordFile = Files.createTempFile("galerne", ".initdb"); // owner-only by definition
    try {
      Files.writeString(passwordFile, credentials.superuser());
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(binaries.folder().toFile())
              .setDataDirectory(cluster)
              .setCleanDataDirectory(false)
              .setRegisterShutdownHook(false) // Spring closes it, after those who use it
              .setPGStartupWait(START_WAIT_MAX)
              .setConnectConfig("password", credentials.superuser());
      initdbOptions(builder, passwordFile.toFile());
      serverOptions(builder);
      return binaries.whileUnpacking(builder::start);
    } catch (IOException | RuntimeException e) {
      throw new DatabaseSetupException(
          "The embedded PostgreSQL in " + cluster + " does not start: " + e.getMessage(),
          "Look into "
              + cluster.resolve("log")
              + ", or use a server of your own: spring.datasource.url, .username and .password.",
          e);
    } finally {
      Files.delete(passwordFile);
    }
  }

  /** The library passes these to initdb unchanged; of two authentication methods the last wins. */
  private static void initdbOptions(EmbeddedPostgres.Builder builder, File passwordFile) {
    builder
        .setLocaleConfig("auth", "scram-sha-256")
        .setLocaleConfig("pwfile", passwordFile.getAbsolutePath())
        .setLocaleConfig("locale", "C.UTF-8");
  }

  /** The library is made for tests and turns the first three off. */
  private static void serverOptions(EmbeddedPostgres.Builder builder) {
    builder
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("max_connections", "100")
        .setServerConfig("listen_addresses", "127.0.0.1")
        .setServerConfig("unix_socket_directories", "")
        .setServerConfig("logging_collector", "on")
        .setServerConfig("log_filename", "postgresql-%a.log")
        .setServerConfig("log_truncate_on_rotation", "on")
        .setServerConfig("log_rotation_age", "1d");
  }

  private static void createRolesAndDatabase(
      EmbeddedPostgres server, PostgresCredentials credentials) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      createRole(statement, OWNER, credentials.owner());
      createRole(statement, RUNTIME, credentials.runtime());
      String existing = "select from pg_database where datname = '" + DATABASE + "'";
      if (!statement.executeQuery(existing).next()) {
        statement.execute("create database " + DATABASE + " owner " + OWNER);
      }
    }
  }

  private static void createRole(Statement statement, String role, String password)
      throws SQLException {
    if (!statement.executeQuery("select from pg_roles where rolname = '" + role + "'").next()) {
      statement.execute("create role " + role + " login password '" + password + "'");
    }
  }
}

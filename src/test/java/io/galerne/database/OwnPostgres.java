package io.galerne.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of one's own on a fixed port, durable as in production, that can be stopped as by a
 * crash and started again.
 */
public final class OwnPostgres {
  public static final String USER = "chaos";
  public static final String PASSWORD = "pw";

  private final Path cluster;
  private final int port;
  private @Nullable EmbeddedPostgres server;

  public OwnPostgres(Path folder) throws IOException, SQLException {
    cluster = folder.resolve("postgres");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    start();
    try (Connection superuser = connect("postgres", "postgres");
        Statement statement = superuser.createStatement()) {
      statement.execute("create role " + USER + " login createrole password '" + PASSWORD + "'");
      statement.execute("create database galerne owner " + USER);
    }
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/galerne";
  }

  /** As a superuser, who sees the rows of every tenant. */
  public Connection superuser() throws SQLException {
    return connect("galerne", "postgres");
  }

  private Connection connect(String database, String user) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, user, "");
  }

  public void start() throws IOException {
    PostgresBinaries binaries = PostgresBinaries.inUserCache(Path.of("target"));
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(binaries.folder().toFile())
            .setDataDirectory(cluster)
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPort(port)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setPGStartupWait(Duration.ofSeconds(60));
    server = binaries.whileUnpacking(builder::start);
  }

  /** SIGQUIT: without a checkpoint; the next start recovers from the log. */
  public void crash() throws IOException, InterruptedException {
    long pid = Long.parseLong(Files.readAllLines(cluster.resolve("postmaster.pid")).getFirst());
    new ProcessBuilder("kill", "-QUIT", Long.toString(pid)).inheritIO().start().waitFor();
    ProcessHandle.of(pid).ifPresent(OwnPostgres::awaitEnd);
    Files.deleteIfExists(cluster.resolve("postmaster.pid"));
    if (server != null) {
      server.close(); // gives back the library's lock
      server = null;
    }
  }

  private static void awaitEnd(ProcessHandle process) {
    try {
      process.onExit().get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("PostgreSQL doesn't end", e);
    }
  }

  /** Stops it for good. */
  public void stop() throws IOException, InterruptedException {
    if (server != null) {
      crash();
    }
  }
}
